/** The tenant as it is declared, and its environments: what is there, what would change, provision and destroy. */
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { query } from "../../../app/api/api.ts";
import { buttonClass } from "../../../ui/button.tsx";
import { Facts, PageHead, Panel } from "../../../ui/panel.tsx";
import { Time } from "../../../ui/time.tsx";
import { Environments } from "./environments.tsx";

export function Tenant() {
  const { t } = useTranslation();
  const { data: declaration } = query.useSuspenseQuery("get", "/tenant");
  const { data: parts } = query.useSuspenseQuery("get", "/tenant/parts");
  return (
    <>
      <PageHead title={t("administration.tenant.title")} />
      <Panel
        title={declaration.tenantId}
        aside={
          <Link to="/administration/policies" search={{ tab: "change" }} className={buttonClass}>
            {t("administration.tenant.declaration")}
          </Link>
        }
      >
        <Facts
          of={[
            [t("administration.tenant.version"), declaration.version],
            [t("administration.tenant.by"), declaration.by],
            [t("administration.tenant.at"), <Time key="at" at={declaration.at} form="exact" />],
            [
              t("administration.tenant.duties"),
              t(`administration.tenant.separation.${parts.separationOfDuties}`),
            ],
            [
              t("administration.tenant.signIn"),
              parts.signIn?.issuer ?? t("administration.tenant.tokensOnly"),
            ],
          ]}
        />
      </Panel>
      <Environments />
    </>
  );
}
