import '@mantine/notifications/styles.css';
import { Notifications } from '@mantine/notifications';

/** Where toasts appear. Its own file, so that its code comes after the page it serves. */
export function Toasts() {
  return <Notifications position="bottom-right" limit={4} />;
}
