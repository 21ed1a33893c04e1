import { isProblem, type Conversation } from '@frontdesk/api-client';
import { Box, Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { FileText } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { gateQuery } from '../messages/queries';
import { Refusal } from '../messages/Refusal';
import { VerdictNote } from '../messages/Verdict';
import { ruleKind } from '../messages/verdict';

interface GateHintProps {
  conversation: Conversation;
  /** Chooses an approved template, where the channel has them. */
  onTemplate: (() => void) | null;
}

/** Says before one writes that an answer would not leave now, and why; nothing while it would. */
export function GateHint({ conversation, onTemplate }: GateHintProps) {
  const { t } = useTranslation('inbox');
  const { data, error } = useQuery(gateQuery(conversation));
  const refused = isProblem(error) && error.kind === 'conflict';
  if (!refused && (data === undefined || data.verdict.verdict === 'allow')) return null;
  const isClosed = data?.verdict.verdict === 'deny' && ruleKind(data.verdict.rule) === 'window';
  return (
    <Box mb="xs">
      {refused || data === undefined ? <Refusal error={error} /> : <VerdictNote verdict={data.verdict} />}
      {isClosed && onTemplate !== null && (
        <Button mt={6} size="compact-sm" leftSection={<FileText size={14} aria-hidden />} onClick={onTemplate}>
          {t('composer.chooseTemplate')}
        </Button>
      )}
    </Box>
  );
}
