import type { UnansweredQuestion } from '@frontdesk/api-client';
import { Anchor, Button, Group, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { BookPlus, BookOpenCheck } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useCan } from '../../app/session';
import { EmptyState } from '../../ui/EmptyState';
import { TimeText } from '../../ui/TimeText';
import classes from './Home.module.css';
import { Panel } from './Panel';

/** Questions the documents were silent on, each a click away from having an answer next time. */
export function Unanswered({ questions }: { questions: readonly UnansweredQuestion[] }) {
  const { t } = useTranslation('home');
  const mayAdd = useCan('knowledge:write');
  return (
    <Panel title={t('unanswered.title')}>
      {questions.length === 0 ? (
        <EmptyState compact icon={BookOpenCheck} title={t('unanswered.none')} text={t('unanswered.noneText')} />
      ) : (
        <ul className={classes.rows}>
          {questions.slice(0, 6).map((each) => (
            <li key={`${each.conversation_id} ${each.asked_at}`}>
              <div className={classes.row}>
                <div className={classes.rowBody}>
                  <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
                    {each.question}
                  </Text>
                  <Group gap="xs" mt={4} justify="space-between">
                    <Anchor
                      size="xs"
                      c="dimmed"
                      renderRoot={(props) => <Link to="/inbox/$conversationId" params={{ conversationId: each.conversation_id }} {...props} />}
                    >
                      <TimeText at={each.asked_at} />
                    </Anchor>
                    {mayAdd && (
                      <Button
                        size="compact-xs"
                        variant="light"
                        leftSection={<BookPlus size={13} aria-hidden />}
                        renderRoot={(props) => <Link to="/knowledge" search={{ question: each.question }} {...props} />}
                      >
                        {t('unanswered.add')}
                      </Button>
                    )}
                  </Group>
                </div>
              </div>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
