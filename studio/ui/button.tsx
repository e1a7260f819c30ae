/** What a person may do, and what they may not with the reason: a closed action stays in its place and says why. */
import { type ReactNode, useId } from "react";
import { DialogTrigger, Popover, Button as Pressable } from "react-aria-components";
import { useTranslation } from "react-i18next";
import styles from "./button.module.css";
import { Told } from "./told.tsx";

export type ButtonTone = "primary" | "plain" | "danger" | "quiet";

interface ButtonProps {
  children: ReactNode;
  onPress?: () => void;
  tone?: ButtonTone;
  size?: "normal" | "small";
  type?: "button" | "submit";
  disabled?: boolean;
  label?: string;
}

export function Button({
  children,
  onPress,
  tone = "plain",
  size,
  type = "button",
  disabled,
  label,
}: ButtonProps) {
  return (
    <Pressable
      type={type}
      className={classOf(size)}
      data-tone={tone}
      isDisabled={disabled ?? false}
      {...(label !== undefined && { "aria-label": label })}
      {...(onPress !== undefined && { onPress })}
    >
      {children}
    </Pressable>
  );
}

/** `why`: the server's sentence where the action is closed to this person, or now. */
export function ActionButton({
  allowed,
  why,
  ...button
}: ButtonProps & { allowed: boolean; why?: string | undefined }) {
  const { t } = useTranslation();
  const title = useId();
  if (allowed) return <Button {...button} />;
  return (
    <DialogTrigger>
      <Pressable
        className={classOf(button.size)}
        data-closed=""
        aria-label={`${button.label ?? text(button.children)} – ${t("ui.closed")}`}
      >
        {button.children}
      </Pressable>
      {/* It is the dialog itself: what React Aria puts in it beside the reason lies within a landmark so. */}
      <Popover className={styles.why ?? ""} placement="top" aria-labelledby={title}>
        <span id={title} className="hidden-visually">
          {t("ui.whyClosed")}
        </span>
        <p>
          <Told text={why ?? t("ui.notAllowed")} />
        </p>
      </Popover>
    </DialogTrigger>
  );
}

export const buttonClass = styles.button ?? "";

function classOf(size: ButtonProps["size"]): string {
  return [styles.button, size === "small" && styles.small].filter(Boolean).join(" ");
}

function text(children: ReactNode): string {
  return Array.isArray(children)
    ? children.filter((child) => typeof child === "string").join("")
    : typeof children === "string"
      ? children
      : "";
}
