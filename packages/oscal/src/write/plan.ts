import type {
  Activity,
  AssessmentAssets,
  AssessmentPlan,
  ReviewedControls,
  Task,
} from '../generated/types.ts';
import { maybe, maybeList } from '../members.ts';
import { exactTitle, readHead, readReference, readTitle, writeHead, writeReference } from './head.ts';
import type { AssessmentPlanInput, ToolInput } from './input.ts';
import { allOwn, factsOf, keyOf, ownProps } from './props.ts';
import { momentOf, titleOf, tokenOf } from './text.ts';
import type { UuidOf } from './uuid.ts';

type Controls = Pick<AssessmentPlanInput, 'controls' | 'excluded'>;

/** An assessment plan (OSCAL 1.1.2, valid under 1.2 too). */
export function assessmentPlan(input: AssessmentPlanInput): AssessmentPlan {
  const { whole, uuid } = writeHead('assessment-plan', input.head);
  const { uuid: own, metadata, ...rest } = whole;
  const activities = input.activities?.map((activity) => writeActivity(activity, uuid));
  return {
    uuid: own,
    metadata,
    'import-ssp': { href: writeReference(input.ssp, input.head, uuid) },
    ...maybe(
      'local-definitions',
      activities === undefined || activities.length === 0 ? undefined : { activities },
    ),
    'reviewed-controls': writeReviewed(input, input.description),
    ...maybe('assessment-assets', writeTools(input.tools, 'plan', uuid)),
    ...maybeList(
      'tasks',
      input.tasks?.map((task) => writeTask(task, uuid)),
    ),
    ...rest,
  };
}

/** What is reviewed: the controls listed, or all of the profile. */
export function writeReviewed({ controls, excluded }: Controls, description?: string): ReviewedControls {
  const byId = (ids: readonly string[]) => ids.map((id) => ({ 'control-id': tokenOf(id) }));
  const odd = [...(controls ?? []), ...(excluded ?? [])].filter((id) => tokenOf(id) !== id);
  return {
    ...maybe('description', description),
    'control-selections': [
      {
        // An id that is no token is kept beside the token it is written as.
        ...ownProps({ 'control-id': odd }),
        ...(controls === undefined || controls.length === 0
          ? { 'include-all': {} }
          : { 'include-controls': byId(controls) }),
        ...maybeList('exclude-controls', excluded === undefined ? undefined : byId(excluded)),
      },
    ],
  };
}

export function readReviewed(reviewed: ReviewedControls): Controls {
  const exact = new Map(
    reviewed['control-selections'].flatMap((each) =>
      allOwn(each, 'control-id').map((id) => [tokenOf(id), id]),
    ),
  );
  const ids = (name: 'include-controls' | 'exclude-controls') =>
    reviewed['control-selections'].flatMap((each) =>
      (each[name] ?? []).map(({ 'control-id': id }) => exact.get(id) ?? id),
    );
  return {
    ...maybeList('controls', ids('include-controls')),
    ...maybeList('excluded', ids('exclude-controls')),
  };
}

export function writeTools(
  tools: readonly ToolInput[] | undefined,
  scope: string,
  uuid: UuidOf,
): AssessmentAssets | undefined {
  if (tools === undefined || tools.length === 0) return undefined;
  return {
    'assessment-platforms': tools.map((tool) => ({
      uuid: uuid('tool', scope, tool.key),
      title: titleOf(tool.title),
      ...ownProps({ key: tool.key, ...exactTitle(tool.title) }, tool.facts),
      ...maybe('remarks', tool.description),
    })),
  };
}

export const readTools = (assets: AssessmentAssets | undefined): readonly ToolInput[] =>
  (assets?.['assessment-platforms'] ?? []).map((platform) => ({
    key: keyOf(platform),
    title: readTitle(platform),
    ...maybe('description', platform.remarks),
    ...factsOf(platform),
  }));

type ActivityInput = NonNullable<AssessmentPlanInput['activities']>[number];
type TaskInput = NonNullable<AssessmentPlanInput['tasks']>[number];

const writeActivity = (activity: ActivityInput, uuid: UuidOf): Activity => ({
  uuid: uuid('activity', activity.key),
  title: titleOf(activity.title),
  description: activity.description,
  ...ownProps({ key: activity.key, ...exactTitle(activity.title) }, activity.facts),
  ...maybe(
    'related-controls',
    activity.controls === undefined || activity.controls.length === 0
      ? undefined
      : writeReviewed({ controls: activity.controls }),
  ),
});

const writeTask = (task: TaskInput, uuid: UuidOf): Task => ({
  uuid: uuid('task', task.key),
  type: task.type,
  title: titleOf(task.title),
  ...maybe('description', task.description),
  ...ownProps({ key: task.key, activity: task.activities, ...exactTitle(task.title) }),
  ...maybe('timing', writeTiming(task)),
  ...maybeList(
    'associated-activities',
    task.activities?.map((key) => ({
      'activity-uuid': uuid('activity', key),
      subjects: [{ type: 'component', 'include-all': {} }],
    })),
  ),
});

function writeTiming({ start, end }: TaskInput): Task['timing'] {
  if (start === undefined) return undefined;
  return end === undefined
    ? { 'on-date': { date: momentOf(start) } }
    : { 'within-date-range': { start: momentOf(start), end: momentOf(end) } };
}

/** Reads an assessment plan back; of another tool's, what this house has a place for. */
export function readAssessmentPlan(plan: AssessmentPlan): AssessmentPlanInput {
  const activities = plan['local-definitions']?.activities;
  const keys = new Map((activities ?? []).map((activity) => [activity.uuid, keyOf(activity)]));
  return {
    head: readHead(plan),
    ssp: readReference(plan['import-ssp'].href, plan),
    ...maybe('description', plan['reviewed-controls'].description),
    ...readReviewed(plan['reviewed-controls']),
    ...maybeList(
      'activities',
      activities?.map((activity) => ({
        key: keyOf(activity),
        title: readTitle(activity),
        description: activity.description,
        ...(activity['related-controls'] === undefined ? {} : pickControls(activity['related-controls'])),
        ...factsOf(activity),
      })),
    ),
    ...maybeList(
      'tasks',
      plan.tasks?.map((task) => readTask(task, keys)),
    ),
    ...maybeList('tools', readTools(plan['assessment-assets'])),
  };
}

const pickControls = (reviewed: ReviewedControls): { controls?: readonly string[] } =>
  maybeList('controls', readReviewed(reviewed).controls);

function readTask(task: Task, keys: ReadonlyMap<string, string>): TaskInput {
  const range = task.timing?.['within-date-range'];
  const start = range?.start ?? task.timing?.['on-date']?.date;
  return {
    key: keyOf(task),
    type: task.type === 'milestone' ? 'milestone' : 'action',
    title: readTitle(task),
    ...maybe('description', task.description),
    ...maybe('start', start === undefined ? undefined : new Date(start)),
    ...maybe('end', range === undefined ? undefined : new Date(range.end)),
    ...maybeList(
      'activities',
      task['associated-activities']?.map((each) => keys.get(each['activity-uuid']) ?? each['activity-uuid']),
    ),
  };
}
