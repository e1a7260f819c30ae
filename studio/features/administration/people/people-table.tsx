import { useTranslation } from "react-i18next";
import { useRight } from "../../../app/api/use-right.ts";
import { ActionButton } from "../../../ui/button.tsx";
import { type Column, Table } from "../../../ui/table.tsx";
import parts from "../parts/parts.module.css";
import { Tags } from "../parts/tags.tsx";
import type { Person } from "./person.ts";

interface PeopleTableProps {
  people: Person[];
  onChange: (person: Person) => void;
  onRemove: (person: Person) => void;
}

export function PeopleTable({ people, onChange, onRemove }: PeopleTableProps) {
  const { t } = useTranslation();
  const may = useRight("tenant");
  const changeable = ({ from }: Person) =>
    from === "groups" ? { allowed: false, why: t("administration.people.byGroupsWhy") } : may;
  const columns: Column<Person>[] = [
    {
      title: t("administration.people.person"),
      heads: true,
      cell: ({ id, from, emails }) => (
        <>
          {id}
          {from === "groups" && <em> ({t("administration.people.byGroups")})</em>}
          {emails.length > 0 && (
            <>
              <br />
              <span className={parts.muted}>{emails.join(", ")}</span>
            </>
          )}
        </>
      ),
    },
    { title: t("administration.people.roles"), cell: (person) => <Roles of={person} /> },
    {
      title: t("administration.people.claims"),
      cell: ({ claims, keys }) => (
        <Tags of={[...claims, ...(keys > 0 ? [t("administration.people.keys", { count: keys })] : [])]} />
      ),
    },
    {
      title: t("administration.acts"),
      acts: true,
      cell: (person) => (
        <span className={parts.acts}>
          <ActionButton
            {...changeable(person)}
            size="small"
            label={t("administration.people.changeNamed", { person: person.id })}
            onPress={() => onChange(person)}
          >
            {t("administration.people.change")}
          </ActionButton>
          <ActionButton
            {...changeable(person)}
            size="small"
            label={t("administration.people.removeNamed", { person: person.id })}
            onPress={() => onRemove(person)}
          >
            {t("administration.people.remove")}
          </ActionButton>
        </span>
      ),
    },
  ];
  return (
    <Table label={t("administration.people.people")} columns={columns} rows={people} keyOf={({ id }) => id} />
  );
}

export function Roles({
  of: { roles, environmentRoles },
}: {
  of: { roles: readonly string[]; environmentRoles: Record<string, readonly string[]> };
}) {
  const { t } = useTranslation();
  const here = Object.entries(environmentRoles).flatMap(([environment, held]) =>
    held.map((role) => `${role} @ ${environment}`),
  );
  const all = [...roles, ...here];
  if (all.length === 0) return <span className={parts.muted}>{t("administration.people.noRole")}</span>;
  return <Tags of={all} />;
}
