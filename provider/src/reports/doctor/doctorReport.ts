import type { OrgApp } from '../../reconcile/orgApp.js';
import type { OrgSnapshot } from '../../reconcile/readOrg.js';
import { guides } from './guides.js';
import type { Guide, GuideName } from './guides.js';
import { checkReadiness } from './readiness.js';
import type { Readiness } from './readiness.js';

/** What a look at an app for one of the guides showed. */
export interface DoctorReport extends Readiness {
  /** How messages name the org: its address or CLI alias. */
  org: string;
  /** The 18-character organization id. */
  orgId: string;
  /** The developer name of the app. */
  app: string;
  /** The namespace of the package that the app was installed from. */
  namespace: string | undefined;
  for: GuideName;
  /** What the guide is for, in words. */
  title: string;
  /** What the guide asks for and the app's components do not show, so that it is not checked. */
  notShown: Guide['notShown'];
  /** Where the guide stands. */
  guide: string;
}

/** The report on an app for a guide. */
export function examineApp(
  app: OrgApp,
  { label, organizationId }: Pick<OrgSnapshot, 'label' | 'organizationId'>,
  name: GuideName,
  allowsAnyFlow: boolean,
): DoctorReport {
  const { title, notShown, source } = guides[name];
  return {
    org: label,
    orgId: organizationId,
    app: app.name,
    namespace: app.namespace,
    for: name,
    title,
    ...checkReadiness(app, guides[name], allowsAnyFlow),
    notShown,
    guide: source,
  };
}
