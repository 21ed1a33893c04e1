import { ActionIcon, Button, FileButton, Group, Progress, Stack, Text } from '@mantine/core';
import { CircleAlert, CircleCheck, FileText, FileUp, RotateCw, X } from 'lucide-react';
import { useEffect, useRef, useState, type DragEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { keys } from '../../app/keys';
import { queryClient } from '../../app/query';
import { problemText } from '../../ui/toast';
import { bytesText } from './bytes';
import classes from './Knowledge.module.css';
import { FILE_TYPES, MAX_FILE_BYTES, faultOf, uploadFile } from './upload';

interface Item {
  key: number;
  file: File;
  state: 'waiting' | 'sending' | 'done' | 'failed';
  percent: number;
  /** Why it was not taken, in plain words. */
  reason?: string;
}

/** Files by drag and drop or by choice, sent one after the other. */
export function UploadForm({ onAdded }: { onAdded: () => void }) {
  const { t, i18n } = useTranslation('knowledge');
  const [items, setItems] = useState<Item[]>([]);
  const [over, setOver] = useState(false);
  const [sending, setSending] = useState(false);
  const count = useRef(0);
  const stop = useRef<AbortController | null>(null);
  useEffect(() => () => stop.current?.abort(), []);

  const change = (key: number, part: Partial<Item>) =>
    setItems((list) => list.map((item) => (item.key === key ? { ...item, ...part } : item)));

  function take(files: readonly File[]) {
    setItems((list) => [
      ...list,
      ...files.map((file): Item => {
        const fault = faultOf(file);
        count.current += 1;
        const item: Item = { key: count.current, file, state: fault === null ? 'waiting' : 'failed', percent: 0 };
        return fault === null ? item : { ...item, reason: t(`upload.fault.${fault}`, { types: FILE_TYPES.join(', '), limit: bytesText(MAX_FILE_BYTES, i18n.language) }) };
      }),
    ]);
  }

  async function send(list: readonly Item[]) {
    const control = new AbortController();
    stop.current = control;
    setSending(true);
    let sent = 0;
    for (const { key, file } of list) {
      change(key, { state: 'sending', percent: 0 });
      try {
        await uploadFile(file, (percent) => change(key, { percent }), control.signal);
        change(key, { state: 'done', percent: 100 });
        sent += 1;
        void queryClient.invalidateQueries({ queryKey: keys.sources });
      } catch (error) {
        if (control.signal.aborted) return;
        change(key, { state: 'failed', reason: problemText(error) });
      }
    }
    setSending(false);
    if (sent === list.length && items.every((item) => list.includes(item) || item.state === 'done')) onAdded();
  }

  const waiting = items.filter((item) => item.state === 'waiting');
  const drop = {
    onDragOver: (event: DragEvent) => {
      event.preventDefault();
      setOver(true);
    },
    onDragLeave: () => setOver(false),
    onDrop: (event: DragEvent) => {
      event.preventDefault();
      setOver(false);
      take([...event.dataTransfer.files]);
    },
  };

  return (
    <Stack>
      <div className={classes.drop} data-over={over || undefined} {...drop}>
        <FileUp size={28} aria-hidden />
        <Text fw={600}>{t('upload.drop')}</Text>
        <Text size="sm" c="dimmed">
          {t('upload.hint', { limit: bytesText(MAX_FILE_BYTES, i18n.language) })}
        </Text>
        <FileButton multiple accept={FILE_TYPES.join(',')} onChange={take}>
          {(props) => (
            <Button variant="default" {...props}>
              {t('upload.choose')}
            </Button>
          )}
        </FileButton>
      </div>
      {items.length > 0 && (
        <ul className={classes.plain} aria-label={t('upload.list')}>
          {items.map((item) => (
            <li key={item.key} className={classes.file}>
              <FileLine
                item={item}
                onRemove={() => setItems((list) => list.filter((each) => each.key !== item.key))}
                onRetry={() => void send([item])}
                busy={sending}
              />
            </li>
          ))}
        </ul>
      )}
      <Group justify="flex-end">
        <Button disabled={waiting.length === 0} loading={sending} onClick={() => void send(waiting)}>
          {t('upload.send', { count: Math.max(1, waiting.length) })}
        </Button>
      </Group>
    </Stack>
  );
}

interface FileLineProps {
  item: Item;
  busy: boolean;
  onRemove: () => void;
  onRetry: () => void;
}

function FileLine({ item, busy, onRemove, onRetry }: FileLineProps) {
  const { t, i18n } = useTranslation('knowledge');
  const { file, state } = item;
  const Icon = state === 'done' ? CircleCheck : state === 'failed' ? CircleAlert : FileText;
  const color = state === 'done' ? 'var(--text-success)' : state === 'failed' ? 'var(--text-danger)' : 'var(--mantine-color-dimmed)';
  return (
    <Group wrap="nowrap" gap="sm" align="flex-start">
      <Icon size={18} color={color} aria-hidden style={{ flex: 'none', marginTop: 2 }} />
      <div style={{ flex: 1, minWidth: 0 }}>
        <Text size="sm" fw={550} style={{ overflowWrap: 'anywhere' }}>
          {file.name}
        </Text>
        <Text size="xs" c={state === 'failed' ? 'var(--text-danger)' : 'dimmed'}>
          {state === 'failed' ? item.reason : `${bytesText(file.size, i18n.language)} · ${t(`upload.state.${state}`)}`}
        </Text>
        {state === 'sending' && <Progress mt={6} size="sm" value={item.percent} aria-label={t('upload.progress', { name: file.name })} />}
      </div>
      {state === 'failed' && faultOf(file) === null && (
        <ActionIcon size={28} aria-label={t('upload.retry', { name: file.name })} disabled={busy} onClick={onRetry}>
          <RotateCw size={15} aria-hidden />
        </ActionIcon>
      )}
      {(state === 'waiting' || state === 'failed') && (
        <ActionIcon size={28} aria-label={t('upload.remove', { name: file.name })} disabled={busy} onClick={onRemove}>
          <X size={15} aria-hidden />
        </ActionIcon>
      )}
    </Group>
  );
}
