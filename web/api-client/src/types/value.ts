// Values that every type uses.

export type Timestamp = string;
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
