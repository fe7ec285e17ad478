import { HealthMark } from '../../parts/marks.tsx';

export const Outcome = ({ permitted }: { permitted: boolean }) =>
  permitted ? <HealthMark state="healthy" word="Permitted" /> : <HealthMark state="failing" word="Denied" />;
