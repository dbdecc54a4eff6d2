package crmsync

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/inspect"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/kinds"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/ledger"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/propertymap"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/verdict"
	"github.com/memberpulse/hubspotplugin/integration"
)

// PropertyMapping implements [integration.PropertyMapper].
func (s *Syncer) PropertyMapping(ctx context.Context, clientID string) (integration.PropertyMapping, error) {
	conn, err := s.Connections.Get(ctx, s.DB, clientID)
	if err != nil {
		return integration.PropertyMapping{}, inspect.StoreFault(err)
	}
	m, err := s.mappings.load(ctx, s.DB, ledger.Place{ClientID: clientID, PortalID: conn.PortalID})
	if err != nil {
		return integration.PropertyMapping{}, inspect.StoreFault(err)
	}
	out := integration.PropertyMapping{Version: m.version, Rules: m.rules, Fields: propertymap.Fields()}
	schemas, err := s.liveSchemas(ctx, clientID)
	if err != nil {
		out.Notice = "HubSpot could not be asked for its properties. You can look at the map; to change it, try again in a few minutes."
		if !conn.Connected {
			out.Notice = "Not connected: HubSpot's properties are not known. Connect first to change the map."
		}
		return out, nil
	}
	for _, object := range []string{propertymap.Contact, propertymap.Company} {
		out.Properties = append(out.Properties, propertymap.Properties(object, schemas[object])...)
	}
	return out, nil
}

// CheckMapping implements [integration.PropertyMapper].
func (s *Syncer) CheckMapping(ctx context.Context, clientID string, rules []integration.MappingRule) error {
	schemas, err := s.liveSchemas(ctx, clientID)
	if err != nil {
		return err
	}
	errs := integration.FieldErrors{}
	if err := propertymap.Check(rules, schemas); err != nil {
		fields, ok := err.(integration.FieldErrors) //nolint:errorlint // Check returns it itself
		if !ok {
			return err
		}
		errs = fields
	}
	opts := s.optionsOn(ctx, clientID)
	for _, r := range rules {
		for family, name := range opts.TagProperties {
			if r.Object == propertymap.Contact && r.Property == name {
				errs.Add(r.Object+"."+r.Field, fmt.Sprintf("The %s tags are written to this property. Choose another one here, or change where the tags go in the settings.", family))
			}
		}
	}
	if len(errs) > 0 {
		return errs
	}
	return nil
}

// SetMapping implements [integration.PropertyMapper]: everybody whom the change
// concerns is looked at once more.
func (s *Syncer) SetMapping(ctx context.Context, tx *sql.Tx, clientID string, version int64, rules []integration.MappingRule) error {
	conn, err := s.Connections.Get(ctx, tx, clientID)
	if err != nil {
		return inspect.StoreFault(err)
	}
	if !conn.Connected {
		return integration.ErrNotConnected
	}
	at, now := ledger.Place{ClientID: clientID, PortalID: conn.PortalID}, s.Now()
	old, err := s.mappings.load(ctx, tx, at)
	if err != nil {
		return inspect.StoreFault(err)
	}
	whole := propertymap.Whole(rules)
	if err := s.mappings.store(ctx, tx, at, version, whole, now); err != nil {
		return err
	}
	opts := s.optionsOn(ctx, clientID)
	var walk []string
	for _, object := range propertymap.Concerned(old.rules, whole) {
		switch {
		case object == propertymap.Contact && opts.Contacts:
			walk = append(walk, kinds.Member)
		case object == propertymap.Company && opts.Companies:
			walk = append(walk, kinds.Organization)
		}
	}
	if len(walk) == 0 {
		return nil
	}
	return s.startRun(ctx, tx, clientID, errand{kinds: walk, reason: runMapping}, now)
}

// liveSchemas reads the portal's properties by the property map's objects. An
// object that the key may not read is left out.
func (s *Syncer) liveSchemas(ctx context.Context, clientID string) (map[string][]hubspot.Property, error) {
	portal, err := s.portals.Of(ctx, clientID)
	if err != nil {
		return nil, err
	}
	client := portal.Client.Console()
	out := map[string][]hubspot.Property{}
	for object, name := range map[hubspot.ObjectType]string{hubspot.Contacts: propertymap.Contact, hubspot.Companies: propertymap.Company} {
		have, err := client.Properties(ctx, object)
		switch {
		case err == nil:
			out[name] = have
		case object == hubspot.Companies && verdict.Read(err).Code == verdict.ScopeMissing:
		default:
			return nil, inspect.VendorError(err)
		}
	}
	return out, nil
}
