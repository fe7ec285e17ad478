import { Link, type ErrorComponentProps } from '@tanstack/react-router';
import { Empty, Failure } from '../parts/states.tsx';

export const AppFailure = ({ error, reset }: ErrorComponentProps) => (
  <main>
    <Failure what="This page could not be shown" error={error} retry={reset} />
  </main>
);

export const NoSuchPage = () => (
  <main>
    <Empty title="There is no page at this address" action={<Link to="/alerts">Go to the alerts</Link>}>
      The link may be from another version, or cut off.
    </Empty>
  </main>
);
