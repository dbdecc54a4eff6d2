package integration

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

// Settings are the values of one tenant for one schema. The zero value has
// none. A Settings is immutable; Parse makes new ones.
type Settings struct {
	plain   map[string]string
	secrets map[string]Secret
}

// NewSettings returns settings of these values as they come from a store,
// unchecked. It copies both maps.
func NewSettings(plain map[string]string, secrets map[string]Secret) Settings {
	return Settings{plain: maps.Clone(plain), secrets: maps.Clone(secrets)}
}

// Text returns the plain value of key, "" if it has none.
func (s Settings) Text(key string) string { return s.plain[key] }

// On reports whether the toggle key is on.
func (s Settings) On(key string) bool { return s.plain[key] == "true" }

// Chosen returns the chosen values of the choices field key.
func (s Settings) Chosen(key string) []string {
	if s.plain[key] == "" {
		return nil
	}
	return strings.Split(s.plain[key], ",")
}

// Secret returns the secret of key; the zero Secret if it has none.
func (s Settings) Secret(key string) Secret { return s.secrets[key] }

// Plain returns a copy of the plain values, never nil.
func (s Settings) Plain() map[string]string { return copied(s.plain) }

// Secrets returns a copy of the secrets, never nil.
func (s Settings) Secrets() map[string]Secret { return copied(s.secrets) }

func copied[V any](m map[string]V) map[string]V {
	out := make(map[string]V, len(m))
	maps.Copy(out, m)
	return out
}

// Changed returns the keys, sorted, whose values differ between s and old.
func (s Settings) Changed(old Settings) []string {
	keys := map[string]bool{}
	for _, k := range slices.Concat(slices.Collect(maps.Keys(s.plain)), slices.Collect(maps.Keys(old.plain))) {
		if s.plain[k] != old.plain[k] {
			keys[k] = true
		}
	}
	for _, k := range slices.Concat(slices.Collect(maps.Keys(s.secrets)), slices.Collect(maps.Keys(old.secrets))) {
		if !s.secrets[k].Equal(old.secrets[k]) {
			keys[k] = true
		}
	}
	return slices.Sorted(maps.Keys(keys))
}

// Parse reads raw values into settings. A key that raw leaves out keeps its
// value of current, else its default; a secret that is sent empty keeps the
// stored one too, so that a page need not show it. Every mistake is reported
// at once, by field, as [FieldErrors]: unknown keys, missing required values,
// malformed ones. Nothing of raw is repeated in a message.
func (s Schema) Parse(raw map[string]string, current Settings) (Settings, error) {
	out := Settings{plain: map[string]string{}, secrets: map[string]Secret{}}
	errs := FieldErrors{}
	for _, key := range slices.Sorted(maps.Keys(raw)) {
		if _, ok := s.Field(key); !ok {
			errs.Add(key, "There is no setting of this name. Remove it.")
		}
	}
	for _, f := range s.Fields() {
		sent, ok := raw[f.Key]
		value := strings.TrimSpace(sent)
		if f.Type == TypeSecret {
			out.parseSecret(f, value, current, errs)
			continue
		}
		if !ok {
			value, ok = current.plain[f.Key]
			if value == "" && !(ok && f.Type == TypeChoices) {
				value = f.Default
			}
		}
		if f.Type == TypeToggle && value == "" {
			value = "false"
		}
		if f.Type == TypeChoices {
			value = f.ordered(value)
		}
		if msg := f.refuse(value, current.Chosen(f.Key)); msg != "" {
			errs.Add(f.Key, msg)
			continue
		}
		if value != "" || ok && f.Type == TypeChoices {
			out.plain[f.Key] = value
		}
	}
	if len(errs) > 0 {
		return Settings{}, errs
	}
	return out, nil
}

func (s *Settings) parseSecret(f Field, value string, current Settings, errs FieldErrors) {
	if value == "" {
		if kept := current.secrets[f.Key]; !kept.IsZero() {
			s.secrets[f.Key] = kept
			return
		}
	}
	if msg := f.refuse(value, nil); msg != "" {
		errs.Add(f.Key, msg)
		return
	}
	if value != "" {
		s.secrets[f.Key] = NewSecret(value)
	}
}

func (f Field) offers(value string) bool {
	return slices.ContainsFunc(f.Options, func(o Option) bool { return o.Value == value })
}

// ordered is the stored form of chosen values: each once, in the order of the
// options, else in that of the alphabet.
func (f Field) ordered(value string) string {
	var chosen []string
	for one := range strings.SplitSeq(value, ",") {
		if one = strings.TrimSpace(one); one != "" {
			chosen = append(chosen, one)
		}
	}
	rank := func(v string) int { return slices.IndexFunc(f.Options, func(o Option) bool { return o.Value == v }) }
	slices.SortFunc(chosen, func(a, b string) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), strings.Compare(a, b))
	})
	return strings.Join(slices.Compact(chosen), ",")
}

// refuse returns why value cannot be accepted, "" if it can. Choices that were
// made before are accepted even if they are no longer offered.
func (f Field) refuse(value string, chosen []string) string {
	limit := f.MaxLen
	if limit == 0 {
		limit = 255
	}
	if f.Type == TypeChoices {
		limit = 4096
	}
	switch {
	case value == "" && f.Required:
		return f.Label + " is required."
	case value == "":
		return ""
	case !utf8.ValidString(value) || strings.ContainsFunc(value, func(r rune) bool { return r < ' ' || r == 0x7f }):
		return f.Label + " contains characters that cannot be typed. Copy the value again."
	case utf8.RuneCountInString(value) > limit:
		return fmt.Sprintf("%s is longer than %d characters.", f.Label, limit)
	}
	switch f.Type {
	case TypeToggle:
		if value != "true" && value != "false" {
			return f.Label + " is either true or false."
		}
	case TypeSelect:
		if !f.offers(value) {
			return f.Label + " is not one of the choices."
		}
	case TypeChoices:
		for one := range strings.SplitSeq(value, ",") {
			if len(f.Options) > 0 && !f.offers(one) && !slices.Contains(chosen, one) {
				return f.Label + " has a value that is not one of the choices."
			}
		}
	}
	if f.Check != nil {
		if err := f.Check(value); err != nil {
			return err.Error()
		}
	}
	return ""
}
