// What the tasks' page asks the server for.

import type { Page, Task } from '@frontdesk/api-client';
import { queryOptions } from '@tanstack/react-query';
import { api } from '../../app/api';
import { keys } from '../../app/keys';
import { queryClient } from '../../app/query';

interface Asked {
  done: boolean;
  contact_id?: string | undefined;
  cursor?: string | undefined;
}

export function tasksQuery(asked: Asked) {
  const query = { ...asked, limit: 50 };
  return queryOptions({
    queryKey: keys.taskList(query),
    queryFn: ({ signal }) => api.get<Page<Task>>('/tasks', { query, signal }),
  });
}

export async function setDone(id: string, done: boolean): Promise<Task> {
  const task = await api.post<Task>(`/tasks/${id}/done`, { done });
  await queryClient.invalidateQueries({ queryKey: keys.tasks });
  return task;
}
