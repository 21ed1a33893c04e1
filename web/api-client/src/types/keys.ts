// Keys, connections and the audit log.

import type { Permission } from './access';
import type { Json, Timestamp } from './value';

export interface ApiKey {
  id: string;
  name: string;
  hint: string;
  scopes: Permission[];
  created_at: Timestamp;
  last_used_at?: Timestamp | null;
  expires_at?: Timestamp | null;
  revoked_at?: Timestamp | null;
}

/** The answer to making a key: the only time the secret is seen. */
export interface CreatedApiKey {
  key: ApiKey;
  secret: string;
}

export interface WidgetKey {
  id: string;
  name: string;
  key: string;
  origins: string[];
  agent_id?: string | null;
  created_at: Timestamp;
  revoked_at?: Timestamp | null;
}

export type ConnectionCategory = 'model' | 'embedding' | 'mail' | 'calendar' | 'sms' | 'whatsapp' | 'mail_inbox' | 'telegram' | 'notifier';

export interface ConnectionTest {
  ok: boolean;
  message: string;
  latency_ms: number;
  at: Timestamp;
}

export interface Connection {
  id: string;
  vendor: string;
  category: ConnectionCategory;
  name: string;
  settings: Record<string, Json>;
  has_secret: boolean;
  /** Whether what the vendor signs its calls with is stored. */
  has_hook_secret: boolean;
  enabled: boolean;
  last_test?: ConnectionTest | null;
  created_at: Timestamp;
  updated_at: Timestamp;
}

/** A vendor's manifest, from which its form is drawn. */
export interface Vendor {
  id: string;
  name: string;
  category: ConnectionCategory;
  /** JSON Schema of `settings`. */
  settings_schema: Record<string, Json>;
  /** How it signs in, such as `api_key` or `none`. */
  auth: string;
  /** Where it calls, with `{connection}` for the connection's id. */
  hook?: string | null;
  docs: string;
}

export interface AuditEntry {
  id: string;
  at: Timestamp;
  actor_kind: string;
  actor: string;
  actor_name?: string | null;
  action: string;
  target?: string | null;
  detail: Json;
  ip?: string | null;
  request_id: string;
}
