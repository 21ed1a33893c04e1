// Trying a question on the documents: what a customer would be told, and what it rests on.

import type { KnowledgeQueryResult, Passage } from '@frontdesk/api-client';
import { Anchor, Badge, Button, Card, Group, Loader, Stack, Text, Textarea, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { BookPlus, SearchCheck } from 'lucide-react';
import { useState, type SubmitEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useCan } from '../../app/session';
import { ErrorState } from '../../ui/ErrorState';
import classes from './Knowledge.module.css';
import { markQuotes } from './passages';
import { questionQuery } from './queries';
import { knowledgeRoute } from './routes';

interface AskPanelProps {
  /** The question in the address; it is asked at once. */
  question: string;
  onAsk: (question: string) => void;
}

export function AskPanel({ question, onAsk }: AskPanelProps) {
  const { t } = useTranslation('knowledge');
  const [typed, setTyped] = useState(question);
  const found = useQuery(questionQuery(question));

  function ask() {
    const text = typed.trim();
    if (text === '') return;
    if (text === question) void found.refetch();
    else onAsk(text);
  }

  return (
    <Card component="section" className={classes.ask} aria-label={t('ask.title')}>
      <Title order={2}>{t('ask.title')}</Title>
      <Text size="sm" c="dimmed" mt={4}>
        {t('ask.text')}
      </Text>
      <form
        onSubmit={(event: SubmitEvent<HTMLFormElement>) => {
          event.preventDefault();
          ask();
        }}
      >
        <Textarea
          mt="md"
          aria-label={t('ask.question')}
          placeholder={t('ask.placeholder')}
          autosize
          minRows={2}
          maxRows={5}
          maxLength={2000}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
            event.preventDefault();
            ask();
          }}
        />
        <Button
          type="submit"
          mt="xs"
          fullWidth
          variant="light"
          leftSection={<SearchCheck size={16} aria-hidden />}
          disabled={typed.trim() === ''}
          loading={found.isFetching}
        >
          {t('ask.submit')}
        </Button>
      </form>
      <div aria-live="polite">
        {question === '' ? null : found.isPending ? (
          <Group justify="center" py="xl">
            <Loader size="sm" aria-label={t('state.searching')} />
          </Group>
        ) : found.data === undefined ? (
          <ErrorState compact error={found.error} onRetry={() => void found.refetch()} />
        ) : (
          <Result question={question} result={found.data} />
        )}
      </div>
    </Card>
  );
}

function Result({ question, result }: { question: string; result: KnowledgeQueryResult }) {
  const { t, i18n } = useTranslation('knowledge');
  const search = knowledgeRoute.useSearch();
  const mayWrite = useCan('knowledge:write');
  const { answer, passages } = result;
  const percent = new Intl.NumberFormat(i18n.language, { style: 'percent' }).format(answer.confidence);
  return (
    <Stack gap="md" mt="lg">
      <div>
        <Group justify="space-between" mb={6} gap="xs">
          <Badge color={answer.answered ? 'teal' : 'orange'}>{answer.answered ? t('ask.answered') : t('ask.silent')}</Badge>
          <Text size="xs" c="dimmed" className="tabular">
            {answer.answered ? `${t('ask.sure', { percent })} · ` : ''}
            {t('ask.took', { ms: new Intl.NumberFormat(i18n.language, { maximumFractionDigits: 1 }).format(result.took_ms) })}
          </Text>
        </Group>
        <div className={classes.answer} data-silent={!answer.answered || undefined}>
          {answer.text}
        </div>
        {answer.citations.length > 0 && (
          <Text size="xs" c="dimmed" mt={6} component="div">
            {t('ask.from')}{' '}
            {unique(answer.citations.map((citation) => [citation.title, citation.place].filter(Boolean).join(', '))).join(' · ')}
          </Text>
        )}
        {!answer.answered && mayWrite && (
          <Button
            mt="sm"
            size="xs"
            variant="light"
            leftSection={<BookPlus size={15} aria-hidden />}
            renderRoot={(props) => <Link to="/knowledge" search={{ ...search, question }} {...props} />}
          >
            {t('ask.addAnswer')}
          </Button>
        )}
      </div>
      <div>
        <Title order={3} size="h4" mb={8}>
          {t('ask.passages')}
        </Title>
        {passages.length === 0 ? (
          <Text size="sm" c="dimmed">
            {t('ask.noPassages')}
          </Text>
        ) : (
          <ol className={classes.plain}>
            {passages.map((passage) => (
              <li key={passage.chunk_id} className={classes.passage}>
                <FoundPassage
                  passage={passage}
                  quotes={answer.citations.filter((citation) => citation.chunk_id === passage.chunk_id).map((citation) => citation.quote)}
                />
              </li>
            ))}
          </ol>
        )}
      </div>
    </Stack>
  );
}

interface FoundPassageProps {
  passage: Passage;
  /** The words of it that the answer quotes. */
  quotes: readonly string[];
}

function FoundPassage({ passage, quotes }: FoundPassageProps) {
  const { t, i18n } = useTranslation('knowledge');
  const search = knowledgeRoute.useSearch();
  const score = new Intl.NumberFormat(i18n.language, { maximumFractionDigits: 3 }).format(passage.score);
  return (
    <>
      <Group justify="space-between" gap="xs" wrap="nowrap">
        <Anchor
          size="xs"
          fw={600}
          truncate
          renderRoot={(props) => <Link to="/knowledge/$sourceId" params={{ sourceId: passage.source_id }} search={search} {...props} />}
        >
          {passage.title}
          {passage.place === '' ? '' : ` · ${passage.place}`}
        </Anchor>
        <Text size="xs" c="dimmed" className="tabular" style={{ flex: 'none' }}>
          {t('ask.score', { score })}
        </Text>
      </Group>
      <p className={classes.passageText}>
        {markQuotes(passage.text, quotes).map((piece, index) =>
          piece.quoted ? <mark key={index}>{piece.text}</mark> : <span key={index}>{piece.text}</span>,
        )}
      </p>
    </>
  );
}

const unique = (texts: readonly string[]) => [...new Set(texts)];
