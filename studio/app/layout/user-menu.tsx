import {
  Header,
  Menu,
  MenuItem,
  MenuSection,
  MenuTrigger,
  Popover,
  Button as Pressable,
} from "react-aria-components";
import { useTranslation } from "react-i18next";
import { buttonClass } from "../../ui/button.tsx";
import { Icon } from "../../ui/icon.tsx";
import { queryClient } from "../api/query-client.ts";
import { useSession } from "../session/session-gate.tsx";
import { signOut } from "../session/session-store.ts";
import styles from "./shell.module.css";
import { chooseTheme, chosenTheme, themes } from "./theme.ts";

export function UserMenu() {
  const { t } = useTranslation();
  const { person, tenantId, roles } = useSession();
  return (
    <MenuTrigger>
      <Pressable className={buttonClass} data-tone="quiet" aria-label={t("session.as", { person, tenantId })}>
        <Icon name="user" size={18} />
        <span className={styles.person}>{person}</span>
      </Pressable>
      <Popover className={styles.popover ?? ""} placement="bottom end">
        <Menu onAction={(key) => (key === "sign-out" ? void leave() : chooseTheme(String(key)))}>
          <MenuSection>
            <Header>
              {t("session.as", { person, tenantId })}
              <br />
              <small>{roles.join(", ")}</small>
            </Header>
          </MenuSection>
          <MenuSection
            selectionMode="single"
            selectedKeys={[chosenTheme()]}
            aria-label={t("app.theme.label")}
          >
            {themes.map((theme) => (
              <MenuItem key={theme} id={theme}>
                {t(`app.theme.${theme}`)}
              </MenuItem>
            ))}
          </MenuSection>
          <MenuSection aria-label={t("app.signOut")}>
            <MenuItem id="sign-out">{t("app.signOut")}</MenuItem>
          </MenuSection>
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}

/** What one person has read is not for the next one at this screen. */
async function leave(): Promise<void> {
  await signOut();
  queryClient.clear();
}
