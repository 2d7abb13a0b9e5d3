import type { OrgApp } from '../../reconcile/apps/orgApp.js';
import type { OrgSnapshot } from '../../reconcile/apps/readOrg.js';
import { guides } from './guides.js';
import type { Guide, GuideName } from './guides.js';
import { checkReadiness } from './readiness.js';
import type { Readiness } from './readiness.js';

/** The result of checking an app against a guide. */
export interface DoctorReport extends Readiness {
  /** The alias of the org if it has one, otherwise its address. */
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
  /** What the guide requires but is not checked, because the app's components do not show it. */
  notShown: Guide['notShown'];
  /** The address of the guide. */
  guide: string;
}

/**
 * Checks an app against a guide.
 *
 * @param org the alias or address of the org
 */
export function examineApp(
  app: OrgApp,
  { org, organizationId }: Pick<OrgSnapshot, 'organizationId'> & { org: string },
  name: GuideName,
  allowsAnyFlow: boolean,
): DoctorReport {
  const { title, notShown, source } = guides[name];
  return {
    org,
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
