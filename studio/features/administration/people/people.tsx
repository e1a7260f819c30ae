/** Who belongs to the tenant and what they may do; a change of it takes two people where there are two. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { query } from "../../../app/api/api.ts";
import { useRight } from "../../../app/api/use-right.ts";
import { ActionButton } from "../../../ui/button.tsx";
import { PageHead, Panel } from "../../../ui/panel.tsx";
import { PeopleTable } from "./people-table.tsx";
import type { Person } from "./person.ts";
import { PersonForm } from "./person-form.tsx";
import { RemovePerson } from "./remove-person.tsx";
import { ServiceAccounts } from "./service-accounts.tsx";

type Open = { act: "new" } | { act: "change" | "remove"; person: Person } | undefined;

export function People() {
  const { t } = useTranslation();
  const { data: tenant } = query.useSuspenseQuery("get", "/tenant/parts");
  const may = useRight("tenant");
  const [open, setOpen] = useState<Open>();
  const close = () => setOpen(undefined);
  return (
    <>
      <PageHead
        title={t("administration.people.title")}
        actions={
          <ActionButton {...may} tone="primary" onPress={() => setOpen({ act: "new" })}>
            {t("administration.people.new")}
          </ActionButton>
        }
      />
      <Panel title={t("administration.people.people")}>
        <PeopleTable
          people={tenant.people}
          onChange={(person) => setOpen({ act: "change", person })}
          onRemove={(person) => setOpen({ act: "remove", person })}
        />
      </Panel>
      <ServiceAccounts accounts={tenant.serviceAccounts} />
      {open?.act === "new" && <PersonForm person={undefined} onClose={close} />}
      {open?.act === "change" && <PersonForm person={open.person} onClose={close} />}
      {open?.act === "remove" && <RemovePerson person={open.person} onClose={close} />}
    </>
  );
}
