package crmsync

import (
	"context"
	"errors"
	"slices"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/integration"
)

// ensureSchema creates what a portal lacks on an object: the group, the
// properties, the options of ours that somebody removed. It is safe to repeat,
// and safe when another replica does the same: "exists already" is compared,
// not believed. It returns the names of the properties that it has made.
func ensureSchema(ctx context.Context, client *hubspot.Client, gap schemaGap) (made []string, err error) {
	if gap.complete() {
		return nil, nil
	}
	if err := ensureGroup(ctx, client, gap.object); err != nil {
		return nil, schemaError(gap.object, err)
	}
	for i, p := range gap.missing {
		isNew, err := ensureProperty(ctx, client, gap.object, p, len(gap.missing)-i)
		if err != nil {
			return made, err
		}
		if isNew {
			made = append(made, p.Name)
		}
	}
	for _, o := range gap.options {
		// A PATCH replaces the whole list of options: people's own stay in it.
		merged := append(slices.Clone(o.property.Options), o.add...)
		if _, err := client.UpdateProperty(ctx, gap.object, o.property.Name, hubspot.PropertyPatch{Options: merged}); err != nil {
			return made, schemaError(gap.object, err)
		}
	}
	return made, nil
}

func ensureGroup(ctx context.Context, client *hubspot.Client, object hubspot.ObjectType) error {
	groups, err := client.PropertyGroups(ctx, object)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(groups, func(g hubspot.PropertyGroup) bool { return g.Name == groupName && !g.Archived }) {
		return nil
	}
	_, err = client.CreatePropertyGroup(ctx, object, hubspot.PropertyGroup{Name: groupName, Label: groupLabel, DisplayOrder: -1})
	if hubspot.IsConflict(err) {
		return nil
	}
	return err
}

// ensureProperty reports whether it has made the property; rest is how many are
// still to be made, with this one. One that HubSpot has made a moment ago exists,
// and is not found yet: whoever reads the schema next compares it.
func ensureProperty(ctx context.Context, client *hubspot.Client, object hubspot.ObjectType, want hubspot.Property, rest int) (made bool, err error) {
	got, err := client.CreateProperty(ctx, object, want)
	made = err == nil
	if hubspot.IsConflict(err) {
		got, err = client.Property(ctx, object, want.Name)
		if hubspot.IsNotFound(err) {
			return false, nil
		}
	}
	if short := noRoom(ctx, client, object, rest, err); short != nil {
		return false, short.refusal(err)
	}
	if err != nil {
		return false, schemaError(object, err)
	}
	// Creating the name of an archived property restores the old definition.
	if got.Type != want.Type || got.HasUniqueValue != want.HasUniqueValue {
		return made, &integration.Error{
			Kind:   integration.Invalid,
			Title:  "HubSpot has an older property of the name " + want.Name + ", of another type.",
			Detail: "It was archived, and creating it brought the old definition back. MemberPulse cannot use it. Nothing was connected.",
			Fix:    "In HubSpot rename " + want.Name + " under Settings > Properties, then connect again.",
		}
	}
	if add := missingOptions(got, want); len(add) > 0 {
		merged := append(slices.Clone(got.Options), add...)
		if _, err := client.UpdateProperty(ctx, object, want.Name, hubspot.PropertyPatch{Options: merged}); err != nil {
			return made, schemaError(object, err)
		}
	}
	return made, nil
}

// schemaError says what a refusal to create a property means for the person
// who connects.
func schemaError(object hubspot.ObjectType, err error) error {
	f := readFailure(err)
	switch f.code {
	case codeScopeMissing, codeKeyRefused, codeKeyOwnerGone:
		return integration.FieldErrors{settingKey: {"The key may not create properties of " + string(object) + ": it lacks the scope " + schemaScope(object, "write") + "." + correlated(f) +
			" In HubSpot add the scope to the key, then connect again."}}
	}
	var e *hubspot.Error
	if errors.As(err, &e) && e.Status == 400 {
		return &integration.Error{
			Kind:          integration.Invalid,
			Title:         "HubSpot refused to create the properties that MemberPulse needs.",
			Detail:        "It says: " + f.detail + ". Your settings were not changed.",
			Fix:           "Look in HubSpot under Settings > Properties whether properties can be made at all, then try again. HubSpot's support finds the refusal by its correlation id.",
			CorrelationID: f.correlation, Cause: err,
		}
	}
	return vendorError(err)
}

// schemaScope is the scope for an object's properties.
func schemaScope(object hubspot.ObjectType, verb string) string {
	return "crm.schemas." + string(object) + "." + verb
}
