import type { LucideIcon } from 'lucide-react';
import { useEffect, useRef, type ReactNode } from 'react';
import classes from './SectionNav.module.css';

export interface Section<Id extends string> {
  id: Id;
  label: string;
  icon: LucideIcon;
}

interface SectionNavProps<Id extends string> {
  label: string;
  sections: readonly Section<Id>[];
  current: Id;
  /** The link to a section: spread what is given onto it. */
  link: (id: Id, props: LinkProps) => ReactNode;
  children: ReactNode;
}

export interface LinkProps {
  className: string;
  'aria-current': 'page' | undefined;
  children: ReactNode;
}

/** A page of several sections: their names at the side (above on a phone), one of them shown. */
export function SectionNav<Id extends string>({ label, sections, current, link, children }: SectionNavProps<Id>) {
  const list = useRef<HTMLElement>(null);
  useEffect(() => {
    list.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [current]);
  return (
    <div className={classes.layout}>
      <nav ref={list} className={classes.nav} aria-label={label}>
        <ul className={classes.list}>
          {sections.map(({ id, label: name, icon: Icon }) => (
            <li key={id}>
              {link(id, {
                className: classes.item ?? '',
                'aria-current': id === current ? 'page' : undefined,
                children: (
                  <>
                    <Icon size={16} strokeWidth={1.8} aria-hidden />
                    {name}
                  </>
                ),
              })}
            </li>
          ))}
        </ul>
      </nav>
      <div style={{ minWidth: 0 }}>{children}</div>
    </div>
  );
}
