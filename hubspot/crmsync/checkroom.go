package crmsync

import (
	"context"
	"fmt"
	"slices"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/integration"
)

// room adds to a check that the plan does not allow what is missing. If the
// tags' properties are to blame, that is the setting to change.
func (in *portalCheck) room(ctx context.Context, client *hubspot.Client, gap schemaGap, name string) (short bool) {
	s, err := gap.short(ctx, client)
	switch {
	case err != nil:
		in.stop(vendorError(err))
		return false
	case s == nil:
		return false
	}
	t := s.told()
	item := integration.CheckItem{Name: name, State: checkFailed, Detail: t.title + ". " + t.meaning + " Nothing was made.", Fix: t.fix}
	bare := gap
	bare.missing = slices.DeleteFunc(slices.Clone(gap.missing), func(p hubspot.Property) bool { return isTagProperty(p.Name) })
	if len(bare.missing) < len(gap.missing) {
		without, err := bare.anew(ctx, client)
		switch {
		case err != nil:
			in.stop(vendorError(err))
			return false
		case len(without) <= s.left:
			item.Field = settingTags
			item.Fix = fmt.Sprintf("Switch Tags off: without them %s needed. Or do this: ", counted(len(without), "is", "are")) + lowerFirst(t.fix)
		}
	}
	in.add(item)
	return true
}
