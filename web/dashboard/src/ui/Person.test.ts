import { expect, test } from 'vitest';
import { initialsOf } from './Person';

test.each([
  ['Ada Lovelace', 'AL'],
  ['Dr. Amelia Hart', 'AH'],
  ['Prof. Dr. Amelia Hart', 'AH'],
  ['dra María del Carmen Ruiz', 'MR'],
  ['Dr.', 'D'],
  ['Drew Carey', 'DC'],
  ['Cher', 'C'],
  ['', ''],
])('%s: %s', (name, initials) => {
  expect(initialsOf(name)).toBe(initials);
});
