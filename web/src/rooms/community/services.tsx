import type { OrganisationDetail } from '#contract/community/organisations';
import { Checkbox } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { organisationsKey, servicesQuery } from '../../api/organisations.ts';
import { useApi } from '../../app/context.tsx';
import { FormDialog } from '../../parts/dialog.tsx';
import { Progress } from '../../parts/states.tsx';

type Tenancy = OrganisationDetail['tenancies'][number];

/** Which services of the catalogue a tenancy consumes: its responsibilities follow from them. */
export function ChooseServices({ tenancy, close }: { tenancy: Tenancy; close: () => void }) {
  const api = useApi();
  const { data } = useQuery(servicesQuery(api));
  const [chosen, setChosen] = useState<readonly string[]>(tenancy.services);
  const offered = (data?.services ?? []).filter(({ id, offered: is }) => is || chosen.includes(id));
  return (
    <FormDialog
      title={`Services of ${tenancy.id}`}
      verb="These are consumed"
      ready={data !== undefined}
      send={() =>
        api.send('PUT', `/tenancies/${encodeURIComponent(tenancy.id)}/services`, { services: chosen })
      }
      said={() => `The services of ${tenancy.id} are recorded.`}
      asks={[organisationsKey]}
      close={close}
    >
      {data === undefined && <Progress what="Loading the catalogue" />}
      {offered.map(({ id, name, about }) => (
        <Checkbox
          key={id}
          label={name}
          description={about}
          checked={chosen.includes(id)}
          onChange={(event) =>
            setChosen(event.currentTarget.checked ? [...chosen, id] : chosen.filter((other) => other !== id))
          }
        />
      ))}
    </FormDialog>
  );
}
