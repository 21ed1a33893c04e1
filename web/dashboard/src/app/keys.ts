// Every key of the query cache. Pages ask under these and live events refresh under these, so both stand here.

export const keys = {
  me: ['me'] as const,
  workspace: ['workspace'] as const,
  home: ['home'] as const,
  search: (text: string) => ['search', text] as const,

  conversations: ['conversations'] as const,
  conversationList: (filter: object) => ['conversations', 'list', filter] as const,
  conversationCounts: ['conversations', 'counts'] as const,
  conversation: (id: string) => ['conversation', id] as const,
  messages: (id: string) => ['messages', id] as const,
  turns: (id: string) => ['turns', id] as const,
  cannedReplies: ['canned-replies'] as const,

  contacts: ['contacts'] as const,
  contactList: (filter: object) => ['contacts', 'list', filter] as const,
  contact: (id: string) => ['contact', id] as const,
  contactMemory: (id: string) => ['contact', id, 'memory'] as const,
  contactNotes: (id: string) => ['contact', id, 'notes'] as const,
  contactTimeline: (id: string) => ['contact', id, 'timeline'] as const,
  contactConversations: (id: string) => ['contact', id, 'conversations'] as const,

  leads: ['leads'] as const,
  leadList: (filter: object) => ['leads', 'list', filter] as const,
  lead: (id: string) => ['leads', id] as const,

  agents: ['agents'] as const,
  agent: (id: string) => ['agents', id] as const,
  agentVersions: (id: string) => ['agents', id, 'versions'] as const,
  agentDiff: (id: string, from: string, to: string) => ['agents', id, 'diff', from, to] as const,
  agentTools: ['agent-tools'] as const,
  personas: ['personas'] as const,

  sources: ['sources'] as const,
  sourceList: (filter: object) => ['sources', 'list', filter] as const,
  source: (id: string) => ['sources', id] as const,
  sourceContent: (id: string) => ['sources', id, 'content'] as const,
  sourceChunks: (id: string) => ['sources', id, 'chunks'] as const,

  team: ['team'] as const,
  members: ['team', 'members'] as const,
  invitations: ['team', 'invitations'] as const,

  apiKeys: ['api-keys'] as const,
  widgetKeys: ['widget-keys'] as const,
  connections: ['connections'] as const,
  vendors: ['vendors'] as const,
  audit: (filter: object) => ['audit', filter] as const,
};
