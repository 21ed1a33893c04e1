// Pages of lists.

export interface Page<Item> {
  items: Item[];
  /** Ask with this cursor for the next page; absent on the last one. */
  next_cursor?: string | null;
  /** How many rows there are in all, when counted. */
  total?: number | null;
}
