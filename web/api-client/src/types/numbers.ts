// Phone numbers of a connection's account at its vendor.

/** Where a number's messages are brought. */
export type NumberHook = 'here' | 'elsewhere' | 'nowhere';

export interface OwnedPhoneNumber {
  /** The vendor's id of it. */
  id: string;
  /** E.164. */
  number: string;
  name?: string | null;
  sms: boolean;
  mms: boolean;
  voice: boolean;
  hook: NumberHook;
  /** The host of the other system its messages are brought to. */
  hook_host?: string | null;
  /** Where news of its calls is brought. */
  status_host?: string | null;
  /** Whether the connection sends from it. */
  sends: boolean;
}

export interface PhoneNumberList {
  items: OwnedPhoneNumber[];
  /** Numbers the connection is to send from that the account does not have. */
  missing: string[];
  hook_url: string;
  /** Whether the vendor's messaging service chooses which number sends. */
  by_service: boolean;
}

export type PhoneNumberKind = 'local' | 'toll_free' | 'mobile';

export interface OfferedPhoneNumber {
  number: string;
  locality?: string | null;
  region?: string | null;
  sms: boolean;
  mms: boolean;
  voice: boolean;
  needs_address: boolean;
}

export interface NumberPrice {
  /** As the vendor writes it, such as `1.15`. */
  amount: string;
  currency: string;
}

export interface PhoneNumberOffers {
  items: OfferedPhoneNumber[];
  /** What each costs a month; absent when the vendor does not tell. */
  price?: NumberPrice | null;
  country: string;
}
