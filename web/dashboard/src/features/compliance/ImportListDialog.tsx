import { Alert, Button, FileInput, Group, Modal, Progress as Bar, Stack, Text, TextInput } from '@mantine/core';
import { Download, FileUp, TriangleAlert } from 'lucide-react';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { keys } from '../../app/keys';
import { queryClient } from '../../app/query';
import { FormError } from '../../ui/FormError';
import { saveText } from '../../ui/save-file';
import { sentence } from '../../ui/text';
import { notifyDone } from '../../ui/toast';
import { decode, readAddresses, type ReadFile } from './addresses';
import classes from './Compliance.module.css';
import { putAll, refusedFile, type Progress } from './import-list';
import { ListField, useListId } from './ListField';
import { suppress } from './queries';

/** Files are read in the browser; more than this would make it slow. */
const MOST_BYTES = 20 * 1024 * 1024;

type Step =
  | { kind: 'choose' }
  | { kind: 'ready'; read: ReadFile }
  | { kind: 'putting'; read: ReadFile; progress: Progress }
  | { kind: 'done'; read: ReadFile; progress: Progress; stopped: boolean };

/** A file of addresses that must not be written to: chosen, looked at, put on a list part by part. */
export function ImportListDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('compliance');
  const [busy, setBusy] = useState(false);
  return (
    <Modal opened onClose={onClose} size="lg" closeOnClickOutside={false} closeOnEscape={!busy} withCloseButton={!busy} title={<Text fw={650}>{t('import.title')}</Text>}>
      <ImportForm onClose={onClose} onBusy={setBusy} />
    </Modal>
  );
}

function ImportForm({ onClose, onBusy }: { onClose: () => void; onBusy: (busy: boolean) => void }) {
  const { t, i18n } = useTranslation('compliance');
  const idOf = useListId();
  const [file, setFile] = useState<File | null>(null);
  const [fault, setFault] = useState<string>();
  const [step, setStep] = useState<Step>({ kind: 'choose' });
  const [list, setList] = useState('');
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const stop = useRef<AbortController | null>(null);
  const number = (count: number) => new Intl.NumberFormat(i18n.language).format(count);
  const noList = list.trim() === '' ? t('add.noList') : undefined;

  async function choose(chosen: File | null) {
    setFile(chosen);
    setFault(undefined);
    setError(null);
    setStep({ kind: 'choose' });
    if (chosen === null) return;
    if (chosen.size > MOST_BYTES) {
      setFault(t('import.big', { megabytes: MOST_BYTES / 1024 / 1024 }));
      return;
    }
    const read = readAddresses(decode(await chosen.arrayBuffer()));
    if (read.addresses.length === 0) setFault(t('import.nothing'));
    else setStep({ kind: 'ready', read });
    if (list === '') setList(chosen.name.replace(/\.[^.]*$/u, '').slice(0, 60));
  }

  async function put(read: ReadFile) {
    setTried(true);
    if (noList !== undefined) return;
    setError(null);
    const abort = new AbortController();
    stop.current = abort;
    const words = reason.trim() === '' ? null : reason.trim();
    const show = (progress: Progress) => setStep({ kind: 'putting', read, progress });
    show({ done: 0, added: 0, refused: [] });
    onBusy(true);
    try {
      const progress = await putAll(read.addresses, (addresses) => suppress({ addresses, list: idOf(list), reason: words }), show, abort.signal);
      setStep({ kind: 'done', read, progress, stopped: progress.done < read.addresses.length });
    } catch (failure) {
      // What was put there so far stays; putting it there again adds nothing twice.
      setError(failure);
      setStep({ kind: 'ready', read });
    } finally {
      onBusy(false);
      void queryClient.invalidateQueries({ queryKey: keys.compliance });
    }
  }

  if (step.kind === 'done') {
    const { added, done, refused } = step.progress;
    return (
      <Stack>
        <div role="status">
          <Text fw={600}>{t(step.stopped ? 'import.stopped' : 'import.done')}</Text>
          <Text size="sm">{t('import.added', { count: added, shown: number(added) })}</Text>
          <Text size="sm">{t('import.known', { count: done - added - refused.length, shown: number(done - added - refused.length) })}</Text>
        </div>
        {refused.length > 0 && (
          <Alert color="orange" icon={<TriangleAlert size={18} aria-hidden />} title={t('import.refused', { count: refused.length, shown: number(refused.length) })}>
            <ul className={classes.bullets}>
              {refused.slice(0, 5).map(({ line, address, why }) => (
                <li key={line}>{t('import.line', { line, text: `${address} ${why}` })}</li>
              ))}
            </ul>
            <Button size="compact-sm" variant="default" leftSection={<Download size={14} aria-hidden />} onClick={() => saveText(refusedFile(refused), 'refused.csv', 'text/csv')}>
              {t('import.download')}
            </Button>
          </Alert>
        )}
        <Group justify="flex-end">
          <Button
            onClick={() => {
              notifyDone(t('import.added', { count: added, shown: number(added) }));
              onClose();
            }}
          >
            {t('common:action.close')}
          </Button>
        </Group>
      </Stack>
    );
  }

  if (step.kind === 'putting') {
    const percent = Math.round((step.progress.done / step.read.addresses.length) * 100);
    return (
      <Stack>
        <Text size="sm" role="status">
          {t('import.going', { done: number(step.progress.done), all: number(step.read.addresses.length) })}
        </Text>
        <Bar value={percent} aria-label={t('import.title')} />
        <Group justify="flex-end">
          <Button variant="default" onClick={() => stop.current?.abort()}>
            {t('import.stop')}
          </Button>
        </Group>
      </Stack>
    );
  }

  const read = step.kind === 'ready' ? step.read : null;
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (read !== null) void put(read);
      }}
    >
      <Stack>
        <FileInput
          data-autofocus
          label={t('import.file')}
          description={t('import.fileText')}
          placeholder={t('import.choose')}
          accept=".csv,.txt,.tsv,text/csv,text/plain"
          leftSection={<FileUp size={16} aria-hidden />}
          clearable
          clearButtonProps={{ 'aria-label': t('common:action.clear') }}
          value={file}
          error={fault}
          onChange={(chosen) => void choose(chosen)}
        />
        {read !== null && (
          <div className={classes.preview} role="status">
            <Text size="sm" fw={600}>
              {t('import.found', { count: read.addresses.length, shown: number(read.addresses.length) })}
            </Text>
            <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
              {read.addresses
                .slice(0, 5)
                .map(({ address }) => address)
                .join(' · ')}
              {read.addresses.length > 5 ? ' …' : ''}
            </Text>
            {read.repeated > 0 && <Text size="xs">{t('import.repeated', { count: read.repeated, shown: number(read.repeated) })}</Text>}
            {read.without.length > 0 && (
              <>
                <Text size="xs" c="var(--text-danger)">
                  {t('import.without', { count: read.without.length, shown: number(read.without.length) })}
                </Text>
                <ul className={classes.bullets}>
                  {read.without.slice(0, 3).map(({ line, text }) => (
                    <li key={line}>{t('import.line', { line, text })}</li>
                  ))}
                </ul>
              </>
            )}
          </div>
        )}
        <ListField value={list} onChange={setList} error={tried ? noList : undefined} />
        <TextInput label={t('import.source')} description={t('import.sourceText')} maxLength={300} value={reason} onChange={(event) => setReason(event.currentTarget.value)} />
        <FormError error={typeof error === 'string' ? sentence(error) : error} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {t('common:action.cancel')}
          </Button>
          <Button type="submit" disabled={read === null}>
            {read === null ? t('import.put') : t('import.putCount', { count: read.addresses.length, shown: number(read.addresses.length) })}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
