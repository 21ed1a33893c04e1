import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { shellRoute } from '../../app/routes';
import { STEPS, type Step } from './steps';

export interface OnboardingSearch {
  /** Absent for the first step that is not done. */
  step?: Step;
}

export const onboardingRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/onboarding',
  validateSearch: (search: Record<string, unknown>): OnboardingSearch => {
    const step = STEPS.find((each) => each === search['step']);
    return step === undefined ? {} : { step };
  },
  component: lazyRouteComponent(() => import('./OnboardingPage'), 'OnboardingPage'),
});
