import { useNavigate } from '@tanstack/react-router';
import { startLive, stopLive } from '../live';
import { keys } from '../keys';
import { queryClient } from '../query';
import { currentWorkspace, setCurrentWorkspace } from '../workspace';

/** Moves this tab to another workspace. Nothing of the one before is shown there, not even for a moment. */
export function useSwitchWorkspace(): (id: string) => Promise<void> {
  const navigate = useNavigate();
  return async (id) => {
    if (id === currentWorkspace()) return;
    stopLive();
    setCurrentWorkspace(id);
    await navigate({ to: '/' });
    await queryClient.cancelQueries();
    queryClient.removeQueries({ predicate: (query) => query.queryKey[0] !== keys.me[0] });
    await queryClient.refetchQueries({ type: 'active' });
    startLive();
  };
}
