package crmsync

import (
	"context"
	"fmt"
	"slices"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/inspect"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/schema"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/settings"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/words"
	"github.com/memberpulse/hubspotplugin/integration"
)

// room adds to a check that the plan does not allow what is missing. If the
// tags' properties are to blame, that is the setting to change.
func (in *portalCheck) room(ctx context.Context, client *hubspot.Client, gap schema.Gap, name string) (short bool) {
	s, err := gap.Short(ctx, client)
	switch {
	case err != nil:
		in.Stop(inspect.VendorError(err))
		return false
	case s == nil:
		return false
	}
	t := s.Told()
	item := integration.CheckItem{Name: name, State: inspect.Failed, Detail: t.Title + ". " + t.Meaning + " Nothing was made.", Fix: t.Fix}
	bare := gap
	bare.Missing = slices.DeleteFunc(slices.Clone(gap.Missing), func(p hubspot.Property) bool { return isTagProperty(p.Name) })
	if len(bare.Missing) < len(gap.Missing) {
		without, err := bare.Anew(ctx, client)
		switch {
		case err != nil:
			in.Stop(inspect.VendorError(err))
			return false
		case len(without) <= s.Left:
			item.Field = settings.KeyTags
			item.Fix = fmt.Sprintf("Switch Tags off: without them %s needed. Or do this: ", words.Counted(len(without), "is", "are")) + words.LowerFirst(t.Fix)
		}
	}
	in.Add(item)
	return true
}
