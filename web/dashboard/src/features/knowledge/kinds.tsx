import type { Source, SourceKind } from '@frontdesk/api-client';
import { FileText, Globe, MessagesSquare, Network, PencilLine, type LucideIcon } from 'lucide-react';
import classes from './Knowledge.module.css';

const ICONS: Record<SourceKind, LucideIcon> = {
  text: PencilLine,
  faq: MessagesSquare,
  file: FileText,
  page: Globe,
  site: Network,
};

/** What a source is made from, as a picture; its name stands beside it. */
export function KindIcon({ kind }: { kind: SourceKind }) {
  const Icon = ICONS[kind];
  return (
    <span className={classes.kind}>
      <Icon size={16} aria-hidden />
    </span>
  );
}

/** Where a source comes from, in short: the file's name or the address. */
export function originOf(source: Pick<Source, 'file_name' | 'url'>): string | null {
  if (typeof source.file_name === 'string') return source.file_name;
  if (typeof source.url !== 'string') return null;
  return source.url.replace(/^https?:\/\//u, '').replace(/\/$/u, '');
}
