import { isProblem, type Conversation } from '@frontdesk/api-client';
import { Box } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { gateQuery } from '../messages/queries';
import { Refusal } from '../messages/Refusal';
import { VerdictNote } from '../messages/Verdict';

/** Says before one writes that an answer would not leave now, and why; nothing while it would. */
export function GateHint({ conversation }: { conversation: Conversation }) {
  const { data, error } = useQuery(gateQuery(conversation));
  const refused = isProblem(error) && error.kind === 'conflict';
  if (!refused && (data === undefined || data.verdict.verdict === 'allow')) return null;
  return <Box mb="xs">{refused || data === undefined ? <Refusal error={error} /> : <VerdictNote verdict={data.verdict} />}</Box>;
}
