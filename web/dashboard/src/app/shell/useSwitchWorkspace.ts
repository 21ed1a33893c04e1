import type { Query } from '@tanstack/react-query';
import { useNavigate, type NavigateOptions } from '@tanstack/react-router';
import { startLive, stopLive } from '../live';
import { keys } from '../keys';
import { queryClient } from '../query';
import { currentWorkspace, setCurrentWorkspace } from '../workspace';

/** Moves this tab to another workspace, to its first page or to `there`. Nothing of the one before is shown there, not even for a moment. */
export function useSwitchWorkspace(): (id: string, there?: NavigateOptions) => Promise<void> {
  const navigate = useNavigate();
  return async (id, there = { to: '/' }) => {
    if (id === currentWorkspace()) return;
    stopLive();
    await queryClient.cancelQueries();
    setCurrentWorkspace(id);
    const ofWorkspace = { predicate: (query: Query) => query.queryKey[0] !== keys.me[0] };
    queryClient.removeQueries({ ...ofWorkspace, type: 'inactive' });
    void queryClient.resetQueries({ ...ofWorkspace, type: 'active' });
    await navigate(there);
    startLive();
  };
}
