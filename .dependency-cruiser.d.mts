import type { ICruiseOptions, IForbiddenRuleType } from 'dependency-cruiser';
declare const rules: {
  forbidden: (IForbiddenRuleType & { name: string; to: { path?: string } })[];
  options: ICruiseOptions;
};
export default rules;
