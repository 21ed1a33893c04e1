// The wire types, as the server's domain types serialise. `schema.check.ts` compares them with the API's description.

export * from './types/value';
export * from './types/list';
export * from './types/access';
export * from './types/workspace';
export * from './types/keys';
export * from './types/numbers';
export * from './types/agents';
export * from './types/calendars';
export * from './types/knowledge';
export * from './types/conversations';
export * from './types/messages';
export * from './types/compliance';
export * from './types/channel-templates';
export * from './types/contacts';
export * from './types/schedule';
export * from './types/bookings';
export * from './types/templates';
export * from './types/workflows';
export * from './types/home';
export * from './types/jobs';
export * from './types/live';
