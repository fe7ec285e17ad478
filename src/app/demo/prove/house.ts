import type { AssetDeps } from '#assets';
import { directory } from '#community';
import { peopleByEmail } from '#community/organisations';
import type { CertificatesDeps } from '#governance/certificates';
import type { ControlDeps } from '#governance/controls';
import type { EvidenceDeps } from '#governance/evidence';
import type { DocumentsDeps } from '#governance/policies';
import type { RiskDeps } from '#governance/risk';
import { type Actor, actorOf, everyPermission } from '#identity';
import type { Clock } from '#platform/clock';
import type { Records } from '#platform/records';
import { scopeOf, systemAccess, tenancyId } from '#platform/scope';

/** The services of Prove that people use, and the assessment, each by the clock it is given. */
export type ProveHouse = {
  readonly records: Records;
  readonly clock: Clock;
  readonly assets: AssetDeps;
  readonly evidence: EvidenceDeps;
  readonly controls: ControlDeps;
  readonly risk: RiskDeps;
  readonly documents: DocumentsDeps;
  readonly certificates: CertificatesDeps;
  readonly assess: (clock: Clock, environment: string) => Promise<void>;
};

/** The same services at another time: what they write says that it was then. The ledger says when it was really written. */
export function atTime(house: ProveHouse, at: Date): ProveHouse {
  const clock: Clock = { now: () => at };
  return {
    ...house,
    clock,
    assets: { ...house.assets, clock },
    evidence: { ...house.evidence, clock },
    controls: { ...house.controls, clock },
    risk: { ...house.risk, clock },
    documents: { ...house.documents, clock },
    certificates: { ...house.certificates, clock },
  };
}

export type DemoPerson = { readonly id: string; readonly name: string; readonly actor: Actor };

/** The demo's people by their address, each able to act as with their own account; their names say that it is the demo. */
export async function peopleOf(
  { records }: Pick<ProveHouse, 'records'>,
  emails: readonly string[],
): Promise<(email: string) => DemoPerson> {
  const { found, scope } = await records.transaction(systemAccess("the demo's people"), async (tx) => ({
    found: await peopleByEmail(tx, emails),
    scope: scopeOf((await directory.facts(tx)).tenancies.map(({ id }) => tenancyId(id))),
  }));
  const people = new Map(
    found.map(({ id, name, email, organisation, userId }) => [
      email,
      {
        id,
        name,
        actor: actorOf({
          kind: 'user',
          id: userId ?? id,
          userId: userId ?? undefined,
          name: `${name} (demo)`,
          organisation,
          ofProvider: true,
          roles: ['officer'],
          permissions: new Set(everyPermission),
          scopeOrNone: scope,
        }),
      },
    ]),
  );
  return (email) => {
    const person = people.get(email);
    if (person === undefined) throw new Error(`the demo has nobody called ${email}`);
    return person;
  };
}
