// The types written by hand against those generated from the server's own description: where they part, this file no
// longer compiles. It has no code and is in no bundle.
//
// To add one: a line in `Ours` with the schema's name.

import type * as ours from './types';
import type { components } from './schema';

type Theirs = components['schemas'];

interface Ours {
  Agent: ours.Agent;
  ApiKey: ours.ApiKey;
  AuditEntry: Omit<ours.AuditEntry, 'detail'>;
  Booking: ours.Booking;
  BookingChange: ours.BookingChange;
  BookingNote: ours.BookingNote;
  BookingSettings: Omit<ours.BookingSettings, 'holidays'>;
  BookingStatus: ours.BookingStatus;
  BookingView: ours.BookingView;
  CalendarVendor: ours.CalendarVendor;
  CalendarView: ours.CalendarView;
  CalendlyReport: ours.CalendlyReport;
  CalendlyType: ours.CalendlyType;
  CalendlyBooking: ours.CalendlyBooking;
  CannedReply: ours.CannedReply;
  Citation: ours.Citation;
  ComposedMessage: ours.ComposedMessage;
  ConnectedCalendar: ours.ConnectedCalendar;
  Connection: Omit<ours.Connection, 'settings'>;
  Contact: Omit<ours.Contact, 'fields'>;
  ContactNote: ours.ContactNote;
  CustomField: ours.CustomField;
  Import: Omit<ours.Import, 'columns'>;
  Segment: Omit<ours.Segment, 'filter'>;
  Conversation: ours.Conversation;
  CreatedApiKey: ours.CreatedApiKey;
  Fact: ours.Fact;
  Found: ours.FoundSlots;
  Holiday: ours.Holiday;
  HolidayCountry: ours.HolidayCountry;
  Home: ours.Home;
  Invitation: ours.Invitation;
  InvitationPreview: ours.InvitationPreview;
  KnowledgeAnswer: ours.KnowledgeAnswer;
  Lead: ours.Lead;
  Me: ours.Me;
  Member: ours.Member;
  Memory: ours.Memory;
  Message: ours.Message;
  MessageCounts: ours.MessageCounts;
  NoticePreview: ours.NoticePreview;
  Obstacle: ours.Obstacle;
  OutboxMessage: ours.OutboxMessage;
  Passage: ours.Passage;
  Permission: ours.Permission;
  Persona: ours.Persona;
  Slot: ours.Slot;
  SearchResults: Omit<ours.SearchResults, 'contacts'>;
  Source: ours.Source;
  Template: ours.Template;
  TemplatePreview: ours.TemplatePreview;
  TemplateVariable: ours.TemplateVariable;
  TemplateVersion: ours.TemplateVersion;
  TimelineEntry: ours.TimelineEntry;
  TurnRecord: Omit<ours.TurnRecord, 'tool_calls'>;
  ViewCounts: ours.ConversationCounts;
  WaitingEntry: ours.WaitingEntry;
  WidgetKey: ours.WidgetKey;
  WorkspaceMembership: ours.WorkspaceMembership;
}

/** What the server may send must be something we can take. */
type Parted = {
  [Name in keyof Ours]: Theirs[Name] extends Ours[Name] ? never : Name;
}[keyof Ours];

/** Names the schemas that have parted, when there are any. */
export const agreed: [Parted] extends [never] ? true : Parted = true;
