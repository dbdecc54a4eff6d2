package crmsync

import (
	"context"
	"errors"
	"slices"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/integration"
)

// ensureSchema creates what a portal lacks: the group, the properties, the
// options of ours that somebody removed. It is safe to repeat, and safe when
// another replica does the same: "exists already" is compared, not believed.
func ensureSchema(ctx context.Context, client *hubspot.Client, gap schemaGap) error {
	if gap.complete() {
		return nil
	}
	if err := ensureGroup(ctx, client); err != nil {
		return schemaError(err)
	}
	for _, p := range gap.missing {
		if err := ensureProperty(ctx, client, p); err != nil {
			return err
		}
	}
	for _, o := range gap.options {
		// A PATCH replaces the whole list of options: people's own stay in it.
		merged := append(slices.Clone(o.property.Options), o.add...)
		if _, err := client.UpdateProperty(ctx, hubspot.Contacts, o.property.Name, hubspot.PropertyPatch{Options: merged}); err != nil {
			return schemaError(err)
		}
	}
	return nil
}

func ensureGroup(ctx context.Context, client *hubspot.Client) error {
	groups, err := client.PropertyGroups(ctx, hubspot.Contacts)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(groups, func(g hubspot.PropertyGroup) bool { return g.Name == groupName && !g.Archived }) {
		return nil
	}
	_, err = client.CreatePropertyGroup(ctx, hubspot.Contacts, hubspot.PropertyGroup{Name: groupName, Label: groupLabel, DisplayOrder: -1})
	if hubspot.IsConflict(err) {
		return nil
	}
	return err
}

func ensureProperty(ctx context.Context, client *hubspot.Client, want hubspot.Property) error {
	got, err := client.CreateProperty(ctx, hubspot.Contacts, want)
	if hubspot.IsConflict(err) {
		got, err = client.Property(ctx, hubspot.Contacts, want.Name)
	}
	if err != nil {
		return schemaError(err)
	}
	// Creating the name of an archived property restores the old definition.
	if got.Type != want.Type || got.HasUniqueValue != want.HasUniqueValue {
		return &integration.Error{
			Kind:   integration.Invalid,
			Title:  "HubSpot has an older property of the name " + want.Name + ", of another type.",
			Detail: "It was archived, and creating it brought the old definition back. MemberPulse cannot use it. Nothing was connected.",
			Fix:    "In HubSpot rename " + want.Name + " under Settings > Properties, then connect again.",
		}
	}
	if add := missingOptions(got, want); len(add) > 0 {
		merged := append(slices.Clone(got.Options), add...)
		if _, err := client.UpdateProperty(ctx, hubspot.Contacts, want.Name, hubspot.PropertyPatch{Options: merged}); err != nil {
			return schemaError(err)
		}
	}
	return nil
}

// schemaError says what a refusal to create a property means for the person
// who connects.
func schemaError(err error) error {
	f := readFailure(err)
	switch f.code {
	case codeScopeMissing, codeKeyRefused, codeKeyOwnerGone:
		return integration.FieldErrors{settingKey: {"The key may not create contact properties: it lacks the scope " + scopeSchemasWrite + "." + correlated(f) +
			" In HubSpot add the scope to the key, then connect again."}}
	}
	var e *hubspot.Error
	if errors.As(err, &e) && e.Status == 400 {
		return &integration.Error{
			Kind:          integration.Invalid,
			Title:         "HubSpot refused to create the properties that MemberPulse needs.",
			Detail:        "It says: " + f.detail + ". A plan allows only so many custom properties. Nothing was connected.",
			Fix:           "In HubSpot archive custom properties that are no longer used under Settings > Properties, then connect again.",
			CorrelationID: f.correlation, Cause: err,
		}
	}
	return vendorError(err)
}
