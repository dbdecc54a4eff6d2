package schema

import (
	"context"
	"errors"
	"slices"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/inspect"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/settings"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/verdict"
	"github.com/memberpulse/hubspotplugin/integration"
)

// Ensure creates what a portal lacks on an object: the group, the
// properties, the options of ours that somebody removed. It is safe to repeat,
// and safe when another replica does the same: "exists already" is compared,
// not believed. It returns the names of the properties that it has made. The
// error is HubSpot's, a [*Shortage] or an [*OlderError]; [Refusal] says it to a
// person.
func Ensure(ctx context.Context, client *hubspot.Client, gap Gap) (made []string, err error) {
	if gap.Complete() {
		return nil, nil
	}
	if err := EnsureGroup(ctx, client, gap.Object); err != nil {
		return nil, err
	}
	for i, p := range gap.Missing {
		isNew, err := ensureProperty(ctx, client, gap.Object, p, len(gap.Missing)-i)
		if err != nil {
			return made, err
		}
		if isNew {
			made = append(made, p.Name)
		}
	}
	for _, o := range gap.Options {
		// A PATCH replaces the whole list of options: people's own stay in it.
		merged := append(slices.Clone(o.Property.Options), o.Add...)
		if _, err := client.UpdateProperty(ctx, gap.Object, o.Property.Name, hubspot.PropertyPatch{Options: merged}); err != nil {
			return made, err
		}
	}
	return made, nil
}

// EnsureGroup makes the group under which HubSpot shows our properties, if an
// object lacks it.
func EnsureGroup(ctx context.Context, client *hubspot.Client, object hubspot.ObjectType) error {
	groups, err := client.PropertyGroups(ctx, object)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(groups, func(g hubspot.PropertyGroup) bool { return g.Name == groupName && !g.Archived }) {
		return nil
	}
	_, err = client.CreatePropertyGroup(ctx, object, hubspot.PropertyGroup{Name: groupName, Label: GroupLabel, DisplayOrder: -1})
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
		return false, err
	}
	// Creating the name of an archived property restores the old definition.
	if got.Type != want.Type || got.HasUniqueValue != want.HasUniqueValue {
		return made, &OlderError{want.Name}
	}
	if add := MissingOptions(got, want); len(add) > 0 {
		merged := append(slices.Clone(got.Options), add...)
		if _, err := client.UpdateProperty(ctx, object, want.Name, hubspot.PropertyPatch{Options: merged}); err != nil {
			return made, err
		}
	}
	return made, nil
}

// OlderError says that HubSpot had an archived property of the name, of another type, and that
// creating it has brought it back.
type OlderError struct{ Property string }

// Error names the property.
func (e *OlderError) Error() string {
	return "schema: an older property of the name " + e.Property + " has another type"
}

// Refusal says what an error of [Ensure] means for the person who connects.
func Refusal(object hubspot.ObjectType, err error) error {
	var older *OlderError
	if errors.As(err, &older) {
		return &integration.Error{
			Kind:   integration.Invalid,
			Title:  "HubSpot has an older property of the name " + older.Property + ", of another type.",
			Detail: "It was archived, and creating it brought the old definition back. MemberPulse cannot use it. Nothing was connected.",
			Fix:    "In HubSpot archive " + older.Property + " under Settings > Properties, delete it for good from the archived properties, then connect again.",
			Cause:  err,
		}
	}
	var short *Shortage
	if errors.As(err, &short) {
		return err
	}
	f := verdict.Read(err)
	switch f.Code {
	case verdict.ScopeMissing, verdict.KeyRefused, verdict.KeyOwnerGone:
		return integration.FieldErrors{settings.KeyAPI: {"The key may not create properties of " + string(object) + ": it lacks the scope " + Scope(object, "write") + "." + inspect.Correlated(f) +
			" In HubSpot add the scope to the key, then connect again."}}
	}
	var e *hubspot.Error
	if errors.As(err, &e) && e.Status == 400 {
		return &integration.Error{
			Kind:          integration.Invalid,
			Title:         "HubSpot refused to create the properties that MemberPulse needs.",
			Detail:        "It says: " + f.Detail + ". Your settings were not changed.",
			Fix:           "Look in HubSpot under Settings > Properties whether properties can be made at all, then try again. HubSpot's support finds the refusal by its correlation id.",
			CorrelationID: f.Correlation, Cause: err,
		}
	}
	return inspect.VendorError(err)
}

// Scope is the scope for an object's properties.
func Scope(object hubspot.ObjectType, verb string) string {
	return "crm.schemas." + string(object) + "." + verb
}
