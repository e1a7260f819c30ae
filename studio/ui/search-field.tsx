/** A field whose text is a filter: who owns it hears of it when the typing pauses, and a change from elsewhere is shown. */
import { useEffect, useRef, useState } from "react";
import { TextField } from "./field.tsx";

interface SearchFieldProps {
  label: string;
  value: string | undefined;
  onChange: (value: string | undefined) => void;
  placeholder?: string;
  maxLength?: number;
}

const settledMs = 250;

export function SearchField({ label, value = "", onChange, placeholder, maxLength = 100 }: SearchFieldProps) {
  const [text, setText] = useState(value);
  const sent = useRef(value);
  const change = useRef(onChange);
  change.current = onChange;
  useEffect(() => {
    if (value === sent.current) return;
    sent.current = value;
    setText(value);
  }, [value]);
  useEffect(() => {
    const next = text.trim();
    if (next === sent.current) return;
    const timer = setTimeout(() => {
      sent.current = next;
      change.current(next === "" ? undefined : next);
    }, settledMs);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <TextField
      label={label}
      type="search"
      autoComplete="off"
      maxLength={maxLength}
      value={text}
      onChange={setText}
      {...(placeholder !== undefined && { placeholder })}
    />
  );
}
