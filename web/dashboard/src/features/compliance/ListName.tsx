import { Ban, BookX, FileInput, Hand, type LucideIcon } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { StatusBadge } from '../../ui/StatusBadge';
import { kindOf, KNOWN, type ListKind } from './lists';

const LOOKS: Record<ListKind, { color: string; icon: LucideIcon }> = {
  optOut: { color: 'red', icon: Hand },
  own: { color: 'orange', icon: Ban },
  registry: { color: 'violet', icon: BookX },
  imported: { color: 'blue', icon: FileInput },
};

/** What a list is called: those that are always there by their meaning, the others as they were named. */
export function useListName(): (list: string) => string {
  const { t } = useTranslation('compliance');
  return (list) => (KNOWN.includes(list) ? t(`list.${list}`) : list);
}

export function ListBadge({ list }: { list: string }) {
  const name = useListName();
  return <StatusBadge look={LOOKS[kindOf(list)]} label={name(list)} maw={280} {...(KNOWN.includes(list) ? { miw: 'max-content' } : {})} />;
}
