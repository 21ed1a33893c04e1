// Knowledge sources and what is found in them.

import type { Language } from './access';
import type { Timestamp } from './value';

export type SourceKind = 'text' | 'faq' | 'file' | 'page' | 'site';
export type SourceStatus = 'queued' | 'processing' | 'ready' | 'failed';

export interface Source {
  id: string;
  kind: SourceKind;
  title: string;
  url?: string | null;
  file_name?: string | null;
  bytes: number;
  status: SourceStatus;
  /** 0 to 100. */
  progress: number;
  stage: string;
  error?: string | null;
  chunks: number;
  pages: number;
  language?: Language | null;
  created_at: Timestamp;
  synced_at?: Timestamp | null;
}

export interface FaqPair {
  question: string;
  answer: string;
}

/** A searchable piece of a source. */
export interface Chunk {
  id: string;
  /** 0, 1, 2, ... within the source. */
  ordinal: number;
  place: string;
  /** The headings it stands under. */
  context: string;
  /** The question, when it answers one. */
  question?: string | null;
  text: string;
  url?: string | null;
}

/** What was typed into a source, for editing it; empty for files and web pages. */
export interface SourceContent {
  text?: string | null;
  pairs?: FaqPair[] | null;
}

export interface Passage {
  chunk_id: string;
  source_id: string;
  title: string;
  place: string;
  text: string;
  score: number;
  url?: string | null;
}

export interface Citation {
  chunk_id: string;
  source_id: string;
  title: string;
  place: string;
  quote: string;
  url?: string | null;
}

export interface KnowledgeAnswer {
  answered: boolean;
  text: string;
  citations: Citation[];
  /** 0 to 1. */
  confidence: number;
}

export interface KnowledgeQueryResult {
  answer: KnowledgeAnswer;
  passages: Passage[];
  took_ms: number;
}
