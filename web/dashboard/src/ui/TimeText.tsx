import { Text, Tooltip, type TextProps } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { formatTime, longAgo, shortAgo, useNow, useZone, type TimeStyle } from './time';

interface TimeTextProps extends TextProps {
  at: string;
  /** `short` ("5m") for lists, `ago` ("5 minutes ago") for sentences, or an absolute style. */
  as?: 'short' | 'ago' | TimeStyle;
}

/** An instant in the business's zone; the whole date and zone are in its tooltip. */
export function TimeText({ at, as = 'ago', ...text }: TimeTextProps) {
  const { i18n } = useTranslation();
  const zone = useZone();
  const now = useNow();
  const language = i18n.language;
  const shown =
    as === 'short' ? shortAgo(at, now, language, zone) : as === 'ago' ? longAgo(at, now, language) : formatTime(at, as, language, zone);
  return (
    <Tooltip label={formatTime(at, 'full', language, zone)}>
      <Text component="time" span inherit={text.size === undefined} {...text} {...{ dateTime: at }}>
        {shown}
      </Text>
    </Tooltip>
  );
}
