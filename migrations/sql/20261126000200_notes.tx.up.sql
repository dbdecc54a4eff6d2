-- none: HubSpot does not have the note of a ticket, for its member has no contact; it is sent when there is one.
alter table {{.Schema}}.hubspot_note
  drop constraint hubspot_note_state_check,
  add constraint hubspot_note_state_check check (state in ('none', 'keyed', 'unkeyed', 'written', 'settled'));
