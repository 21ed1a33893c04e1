// Ready-made workflows to begin with, and a blank one.

import type { WorkflowRecipe, WorkflowSettings } from '@frontdesk/api-client';
import { Badge, Group, Modal, Skeleton, Text, UnstyledButton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { FilePlus2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { ErrorState } from '../../ui/ErrorState';
import { FormError } from '../../ui/FormError';
import { blankSettings } from './draft';
import { recipesQuery, useCreateWorkflow } from './queries';
import { DEED_ICONS, useSay } from './say';
import classes from './Workflows.module.css';

export function NewWorkflowDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation('workflows');
  return (
    <Modal opened={opened} onClose={onClose} size={820} title={<Text fw={650}>{t('new.title')}</Text>}>
      <Text size="sm" c="dimmed" mb="md">
        {t('new.text')}
      </Text>
      <Recipes />
    </Modal>
  );
}

/** Each makes a draft and opens it. */
export function Recipes() {
  const { t } = useTranslation('workflows');
  const navigate = useNavigate();
  const recipes = useQuery(recipesQuery);
  const create = useCreateWorkflow();
  const begin = (settings: WorkflowSettings) => {
    if (create.isPending) return;
    create.mutate(settings, { onSuccess: ({ id }) => void navigate({ to: '/workflows/$workflowId', params: { workflowId: id } }) });
  };
  if (recipes.isError) return <ErrorState compact error={recipes.error} onRetry={() => void recipes.refetch()} />;
  return (
    <>
      <FormError error={create.error} mb="sm" />
      <ul className={classes.recipes} aria-label={t('new.recipes')}>
        {recipes.data === undefined
          ? [0, 1, 2, 3].map((n) => (
              <li key={n}>
                <Skeleton height={116} radius="lg" />
              </li>
            ))
          : recipes.data.map((recipe, index) => (
              <li key={recipe.key}>
                <Recipe recipe={recipe} first={index === 0} onChoose={() => begin(recipe.settings)} />
              </li>
            ))}
        <li>
          <UnstyledButton className={classes.recipe} data-blank onClick={() => begin(startingPoint(t('new.name')))}>
            <Group gap="xs" wrap="nowrap">
              <FilePlus2 size={17} aria-hidden />
              <Text fw={600} size="sm">
                {t('new.blank')}
              </Text>
            </Group>
            <Text size="sm" c="dimmed" mt={6}>
              {t('new.blankText')}
            </Text>
          </UnstyledButton>
        </li>
      </ul>
    </>
  );
}

/** A draft the server takes: a wait says nothing to anybody. */
function startingPoint(name: string): WorkflowSettings {
  const blank = blankSettings(name);
  return { ...blank, trigger: { on: 'manual' }, steps: blank.steps.map((step) => ({ ...step, action: { do: 'wait', minutes: 60 } })) };
}

function Recipe({ recipe, first, onChoose }: { recipe: WorkflowRecipe; first: boolean; onChoose: () => void }) {
  const { t } = useTranslation('workflows');
  const say = useSay();
  return (
    <UnstyledButton className={classes.recipe} data-autofocus={first || undefined} onClick={onChoose}>
      <Text fw={600} size="sm">
        {recipe.name}
      </Text>
      <Text size="sm" c="dimmed" mt={4}>
        {recipe.text}
      </Text>
      <Group gap={6} mt="sm">
        <Badge color="gray" maw="100%">
          {say.trigger(recipe.settings.trigger)}
        </Badge>
        <span className={classes.deeds} aria-hidden>
          {recipe.settings.steps.slice(0, 8).map((step) => {
            const Icon = DEED_ICONS[step.action.do];
            return <Icon key={step.id} size={14} />;
          })}
        </span>
        <Text size="xs" c="dimmed">
          {t('new.steps', { count: recipe.settings.steps.length })}
        </Text>
      </Group>
    </UnstyledButton>
  );
}
