import { Button, Group, Modal, Text, type ButtonProps } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { FormError } from './FormError';

interface ConfirmButtonProps extends ButtonProps {
  children: ReactNode;
  /** The question, such as "Delete this contact?" */
  title: string;
  /** What will happen and whether it can be undone. */
  text: ReactNode;
  /** The verb on the button that does it. */
  confirm: string;
  /** Does it; a failure is shown in the dialog, which stays. */
  onConfirm: () => Promise<unknown>;
}

/** A button for what cannot be taken back: it asks first. */
export function ConfirmButton({ children, title, text, confirm, onConfirm, ...button }: ConfirmButtonProps) {
  const [opened, { open, close }] = useDisclosure(false);
  return (
    <>
      <Button color="red" variant="light" {...button} onClick={open}>
        {children}
      </Button>
      <ConfirmDialog opened={opened} onClose={close} title={title} text={text} confirm={confirm} onConfirm={onConfirm} />
    </>
  );
}

interface ConfirmDialogProps {
  opened: boolean;
  onClose: () => void;
  title: string;
  text: ReactNode;
  confirm: string;
  onConfirm: () => Promise<unknown>;
}

/** The dialog alone, for menus. */
export function ConfirmDialog({ opened, onClose, title, text, confirm, onConfirm }: ConfirmDialogProps) {
  const { t } = useTranslation();
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<unknown>(null);

  async function run() {
    setPending(true);
    setError(null);
    try {
      await onConfirm();
      onClose();
    } catch (failure) {
      setError(failure);
    } finally {
      setPending(false);
    }
  }

  return (
    <Modal opened={opened} onClose={onClose} title={<Text fw={650}>{title}</Text>}>
      <Text size="sm" component="div">
        {text}
      </Text>
      <FormError error={error} mt="md" />
      <Group justify="flex-end" mt="lg" gap="xs">
        <Button variant="default" onClick={onClose} data-autofocus>
          {t('action.cancel')}
        </Button>
        <Button color="red" loading={pending} onClick={() => void run()}>
          {confirm}
        </Button>
      </Group>
    </Modal>
  );
}
