// The dashboard's own connection to the server.

import { Client } from '@frontdesk/api-client';
import { currentWorkspace } from './workspace';

let signedOut: () => void = () => undefined;

/** Says what happens when the sign-in has lapsed for good. */
export function whenSignedOut(handler: () => void): void {
  signedOut = handler;
}

export const api = new Client({ workspace: currentWorkspace, onSignedOut: () => signedOut() });
