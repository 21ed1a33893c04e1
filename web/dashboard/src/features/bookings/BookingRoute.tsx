import { useNavigate } from '@tanstack/react-router';
import { BookingDrawer } from '../booking/BookingDrawer';
import { bookingRoute } from './routes';

export function BookingRoute() {
  const { bookingId } = bookingRoute.useParams();
  const search = bookingRoute.useSearch();
  const navigate = useNavigate();
  return <BookingDrawer id={bookingId} onClose={() => void navigate({ to: '/bookings', search })} />;
}
