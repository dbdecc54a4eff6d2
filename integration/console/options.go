package console

import (
	"log/slog"
	"slices"
	"strconv"
	"strings"

	"github.com/memberpulse/hubspotplugin/integration"
)

// options returns what the tenant may choose for a choices field: the schema's
// own options, or what the plugin offers.
func (c *Console) options(k *call, f integration.Field) ([]integration.Option, error) {
	lister, ok := k.plugin.(integration.OptionLister)
	if len(f.Options) > 0 || !ok {
		return f.Options, nil
	}
	offered, err := lister.Options(k.ctx(), k.tenant(), f.Key)
	if err != nil {
		return nil, inStore(err)
	}
	return slices.DeleteFunc(slices.Clone(offered), func(o integration.Option) bool {
		// A comma would make two values of one.
		return o.Value == "" || strings.Contains(o.Value, ",")
	}), nil
}

// checkChoices refuses values that the plugin does not offer the tenant. Those
// that were chosen before stay, offered or not.
func (c *Console) checkChoices(k *call, sent map[string]string, old, parsed integration.Settings) error {
	errs := integration.FieldErrors{}
	for _, f := range k.spec.Schema.Fields() {
		if _, ok := sent[f.Key]; !ok || f.Type != integration.TypeChoices || len(f.Options) > 0 || !can[integration.OptionLister](k.plugin) {
			continue
		}
		kept := old.Chosen(f.Key)
		added := slices.DeleteFunc(parsed.Chosen(f.Key), func(v string) bool { return slices.Contains(kept, v) })
		if len(added) == 0 {
			continue
		}
		offered, err := c.options(k, f)
		if err != nil {
			return err
		}
		for _, v := range added {
			if !slices.ContainsFunc(offered, func(o integration.Option) bool { return o.Value == v }) {
				errs.Add(f.Key, f.Label+" has a value that is not one of the choices.")
				break
			}
		}
	}
	if len(errs) > 0 {
		return errs
	}
	return nil
}

// choiceView is one box of a choices field.
type choiceView struct {
	ID, Value, Label string
	Chosen           bool
	Gone             bool // chosen, and no longer offered
}

// choicesOf are the boxes of a field, the chosen ones that nobody offers any
// more at the end. If the choices cannot be read, unread is true and only what
// is chosen is there.
func (c *Console) choicesOf(k *call, f integration.Field, chosen []string) (boxes []choiceView, unread bool) {
	offered, err := c.options(k, f)
	if err != nil {
		c.cfg.Logger.LogAttrs(k.ctx(), slog.LevelWarn, "console: choices of a setting", slog.String("request", k.id),
			slog.String("setting", f.Key), slog.String("error", k.clean(err.Error())))
	}
	for _, o := range offered {
		boxes = append(boxes, choiceView{Value: o.Value, Label: o.Label, Chosen: slices.Contains(chosen, o.Value)})
	}
	for _, v := range chosen {
		if !slices.ContainsFunc(offered, func(o integration.Option) bool { return o.Value == v }) {
			boxes = append(boxes, choiceView{Value: v, Label: v, Chosen: true, Gone: err == nil})
		}
	}
	for i := range boxes {
		boxes[i].ID = "choice-" + f.Key + "-" + strconv.Itoa(i)
	}
	return boxes, err != nil
}

// split returns the values of a choices field in text form.
func split(text string) []string {
	var out []string
	for v := range strings.SplitSeq(text, ",") {
		if v = strings.TrimSpace(v); v != "" {
			out = append(out, v)
		}
	}
	return out
}
