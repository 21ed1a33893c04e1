// The types written by hand against those generated from the server's own description: where they part, this file no
// longer compiles. It has no code and is in no bundle.
//
// To add one: a line in `Ours` with the schema's name.

import type * as ours from './types';
import type { components } from './schema';

type Theirs = components['schemas'];

interface Ours {
  Agent: ours.Agent;
  AgentVersion: ours.AgentVersion;
  ApiKey: ours.ApiKey;
  ApprovalStatus: ours.ApprovalStatus;
  ApprovedTemplate: ours.ApprovedTemplate;
  AuditEntry: Omit<ours.AuditEntry, 'detail'>;
  Author: ours.Author;
  Booking: ours.Booking;
  BookingChange: ours.BookingChange;
  BookingNote: ours.BookingNote;
  BookingSettings: Omit<ours.BookingSettings, 'holidays'>;
  BookingStatus: ours.BookingStatus;
  BookingView: ours.BookingView;
  Bulk: ours.Bulk;
  BulkAction: ours.BulkAction;
  BulkState: ours.BulkState;
  CalendarVendor: ours.CalendarVendor;
  CalendarView: ours.CalendarView;
  CalendlyBooking: ours.CalendlyBooking;
  CalendlyReport: ours.CalendlyReport;
  CalendlyType: ours.CalendlyType;
  CannedReply: ours.CannedReply;
  ChannelTemplate: ours.ChannelTemplate;
  ChannelTemplateButton: ours.ChannelTemplateButton;
  ChannelTemplates: ours.ChannelTemplates;
  ChannelTemplateText: ours.ChannelTemplateText;
  Checked: ours.Checked;
  Citation: ours.Citation;
  ComposedMessage: ours.ComposedMessage;
  ConnectedCalendar: ours.ConnectedCalendar;
  Connection: Omit<ours.Connection, 'settings'>;
  ConnectionCategory: ours.ConnectionCategory;
  ConnectionTest: ours.ConnectionTest;
  ConsentEntry: ours.ConsentEntry;
  Contact: Omit<ours.Contact, 'fields'>;
  ContactMerge: ours.ContactMerge;
  ContactNote: ours.ContactNote;
  ContactPage: ours.ContactPage;
  ContactStatus: ours.ContactStatus;
  Conversation: ours.Conversation;
  CreatedApiKey: ours.CreatedApiKey;
  CustomField: ours.CustomField;
  Delivery: ours.Delivery;
  Enrolment: ours.Enrolment;
  EnrolmentHistory: Omit<ours.EnrolmentStory, 'log'>;
  EnrolmentState: ours.EnrolmentState;
  Entered: ours.Enrolled;
  Evidence: ours.Evidence;
  Fact: ours.Fact;
  FieldKind: ours.FieldKind;
  Finding: ours.Finding;
  Found: ours.FoundSlots;
  Funnel: ours.Funnel;
  Holiday: ours.Holiday;
  HolidayCountry: ours.HolidayCountry;
  Home: ours.Home;
  Import: Omit<ours.Import, 'columns'>;
  ImportCounts: ours.ImportCounts;
  ImportState: ours.ImportState;
  Invitation: ours.Invitation;
  InvitationPreview: ours.InvitationPreview;
  JobCounts: ours.JobCounts;
  JobState: ours.JobState;
  Judgement: ours.Judgement;
  KnowledgeAnswer: ours.KnowledgeAnswer;
  Lead: ours.Lead;
  LogEntry: ours.LogEntry;
  Me: ours.Me;
  Member: ours.Member;
  Memory: ours.Memory;
  Message: ours.Message;
  MessageCounts: ours.MessageCounts;
  MessageFigure: ours.MessageFigure;
  MessageFigures: ours.MessageFigures;
  MessageFile: ours.MessageFile;
  MessageLink: ours.MessageLink;
  MessageSettings: ours.MessageSettings;
  NoticePreview: ours.NoticePreview;
  NumberPrice: ours.NumberPrice;
  Obstacle: ours.Obstacle;
  OfferedPhoneNumber: ours.OfferedPhoneNumber;
  OutboxMessage: ours.OutboxMessage;
  OwnedPhoneNumber: ours.OwnedPhoneNumber;
  PartedContacts: ours.PartedContacts;
  Passage: ours.Passage;
  PendingWork: ours.WorkflowPending;
  Permission: ours.Permission;
  Persona: ours.Persona;
  PhoneNumberList: ours.PhoneNumberList;
  PhoneNumberOffers: ours.PhoneNumberOffers;
  QueueJob: ours.QueueJob;
  Recipe: Omit<ours.WorkflowRecipe, 'settings'>;
  RecordedDecision: ours.RecordedDecision;
  RuleSettings: ours.RuleSettings;
  RulesInUse: ours.RulesInUse;
  SearchResults: Omit<ours.SearchResults, 'contacts'>;
  Segment: Omit<ours.Segment, 'filter'>;
  Slot: ours.Slot;
  Source: ours.Source;
  SourceContent: ours.SourceContent;
  SuppressedAddress: ours.SuppressedAddress;
  Tag: ours.Tag;
  Task: ours.Task;
  Template: ours.Template;
  TemplateCategory: ours.TemplateCategory;
  TemplateChannel: ours.TemplateChannel;
  TemplateConnection: ours.TemplateConnection;
  TemplateKind: ours.TemplateKind;
  TemplatePreview: ours.TemplatePreview;
  TemplateQuality: ours.TemplateQuality;
  TemplateVariable: ours.TemplateVariable;
  TemplateVersion: ours.TemplateVersion;
  TimelineEntry: ours.TimelineEntry;
  TotalKind: ours.TotalKind;
  TurnRecord: Omit<ours.TurnRecord, 'tool_calls'>;
  User: ours.User;
  Verdict: ours.Verdict;
  ViewCounts: ours.ConversationCounts;
  WaitingEntry: ours.WaitingEntry;
  WidgetKey: ours.WidgetKey;
  Workflow: Omit<ours.Workflow, 'settings'>;
  WorkflowPreview: ours.WorkflowPreview;
  WorkflowState: ours.WorkflowState;
  Workspace: ours.Workspace;
  WorkspaceMembership: ours.WorkspaceMembership;
}

/** What may be left out of what one sends, and is there in what the server sends. */
interface OursInFull {
  Resource: ours.Resource;
  Schedule: ours.Schedule;
  Staff: ours.Staff;
  Criterion: ours.Criterion;
  OutreachMessage: ours.OutreachMessage;
  Trigger: ours.Trigger;
  WorkflowSettings: Omit<ours.WorkflowSettings, 'filter' | 'steps'>;
}

/** What we send: every field must be one the server knows, and what stands in it something the server can take. */
interface OursSent {
  BulkAction: ours.BulkAction;
  ContactFilter: Omit<ours.ContactFilter, 'fields'>;
  ImportPlan: ours.ImportPlan;
  MessageSettings: ours.MessageSettings;
  NewMessage: ours.NewMessage;
  RuleSettings: ours.RuleSettings;
}

/** With a value of its own for what is left out. */
type Sendable<T> = T extends readonly (infer Item)[] ? Sendable<Item>[] : T extends object ? { [Key in keyof T]?: Sendable<T[Key]> } : T;

type Whole<T> = T extends readonly (infer Item)[] ? Whole<Item>[] : T extends object ? { [Key in keyof T]-?: Whole<T[Key]> } : T;

/** What the server may send must be something we can take. */
type Parted = {
  [Name in keyof Ours]: Theirs[Name] extends Ours[Name] ? never : Name;
}[keyof Ours] | {
  [Name in keyof OursInFull]: Whole<Theirs[Name]> extends OursInFull[Name] ? never : Name;
}[keyof OursInFull] | {
  [Name in keyof OursSent]: OursSent[Name] extends Sendable<Theirs[Name]> ? (keyof OursSent[Name] extends keyof Theirs[Name] ? never : Name) : Name;
}[keyof OursSent];

/** Names the schemas that have parted, when there are any. */
export const agreed: Record<Parted, never> = {};
