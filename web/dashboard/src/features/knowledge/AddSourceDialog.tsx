import { Modal, Tabs, Text } from '@mantine/core';
import { FileUp, Globe, MessagesSquare, Network, PencilLine } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { notifyDone } from '../../ui/toast';
import { finishStep } from '../onboarding/steps';
import { FaqForm } from './FaqForm';
import { TextForm } from './TextForm';
import { UploadForm } from './UploadForm';
import { WebForm } from './WebForm';

interface AddSourceDialogProps {
  opened: boolean;
  /** A question to be answered: the dialog opens on questions and answers. */
  question: string | undefined;
  onClose: () => void;
}

export function AddSourceDialog({ opened, question, onClose }: AddSourceDialogProps) {
  const { t } = useTranslation('knowledge');
  return (
    <Modal opened={opened} onClose={onClose} size="xl" title={<Text fw={650}>{question === undefined ? t('addTitle') : t('answerTitle')}</Text>}>
      <AddSource
        question={question}
        onAdded={() => {
          notifyDone(t('added'));
          onClose();
        }}
      />
    </Modal>
  );
}

interface AddSourceProps {
  question?: string | undefined;
  onAdded: () => void;
}

/** Every way to add knowledge; what is typed into one stays while another is looked at. */
export function AddSource({ question, onAdded }: AddSourceProps) {
  const { t } = useTranslation('knowledge');
  const [tab, setTab] = useState<string | null>(question === undefined ? 'file' : 'faq');
  const added = () => {
    void finishStep('knowledge');
    onAdded();
  };
  return (
    <Tabs value={tab} onChange={setTab} keepMounted>
      <Tabs.List mb="md">
        <Tabs.Tab value="file" leftSection={<FileUp size={15} aria-hidden />}>
          {t('tab.file')}
        </Tabs.Tab>
        <Tabs.Tab value="text" leftSection={<PencilLine size={15} aria-hidden />}>
          {t('tab.text')}
        </Tabs.Tab>
        <Tabs.Tab value="faq" leftSection={<MessagesSquare size={15} aria-hidden />}>
          {t('tab.faq')}
        </Tabs.Tab>
        <Tabs.Tab value="page" leftSection={<Globe size={15} aria-hidden />}>
          {t('tab.page')}
        </Tabs.Tab>
        <Tabs.Tab value="site" leftSection={<Network size={15} aria-hidden />}>
          {t('tab.site')}
        </Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="file">
        <UploadForm onAdded={added} />
      </Tabs.Panel>
      <Tabs.Panel value="text">
        <TextForm onAdded={added} />
      </Tabs.Panel>
      <Tabs.Panel value="faq">
        <FaqForm question={question} onAdded={added} />
      </Tabs.Panel>
      <Tabs.Panel value="page">
        <WebForm kind="page" onAdded={added} />
      </Tabs.Panel>
      <Tabs.Panel value="site">
        <WebForm kind="site" onAdded={added} />
      </Tabs.Panel>
    </Tabs>
  );
}
