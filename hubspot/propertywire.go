package hubspot

// wireProperty is a definition as HubSpot sends it.
type wireProperty struct {
	Name            string       `json:"name"`
	Label           string       `json:"label"`
	Description     string       `json:"description"`
	GroupName       string       `json:"groupName"`
	Type            string       `json:"type"`
	FieldType       string       `json:"fieldType"`
	Options         []wireOption `json:"options"`
	DisplayOrder    int          `json:"displayOrder"`
	HasUniqueValue  bool         `json:"hasUniqueValue"`
	Hidden          bool         `json:"hidden"`
	FormField       bool         `json:"formField"`
	Calculated      bool         `json:"calculated"`
	ExternalOptions bool         `json:"externalOptions"`
	HubSpotDefined  bool         `json:"hubspotDefined"`
	DataSensitivity string       `json:"dataSensitivity"`
	Archived        bool         `json:"archived"`
	CreatedAt       instant      `json:"createdAt"`
	UpdatedAt       instant      `json:"updatedAt"`
	Modification    struct {
		ReadOnlyDefinition bool `json:"readOnlyDefinition"`
		ReadOnlyValue      bool `json:"readOnlyValue"`
	} `json:"modificationMetadata"`
}

// wireOption is an option as it is read and written. Writing requires all but
// the description.
type wireOption struct {
	Label        string `json:"label"`
	Value        string `json:"value"`
	Description  string `json:"description,omitempty"`
	DisplayOrder int    `json:"displayOrder"`
	Hidden       bool   `json:"hidden"`
}

// wireGroup is a group as HubSpot sends it.
type wireGroup struct {
	Name         string `json:"name"`
	Label        string `json:"label"`
	DisplayOrder int    `json:"displayOrder"`
	Archived     bool   `json:"archived"`
}

func (w wireProperty) property() Property {
	p := Property{
		Name:               w.Name,
		Label:              w.Label,
		Description:        w.Description,
		GroupName:          w.GroupName,
		Type:               w.Type,
		FieldType:          w.FieldType,
		DisplayOrder:       w.DisplayOrder,
		HasUniqueValue:     w.HasUniqueValue,
		Hidden:             w.Hidden,
		FormField:          w.FormField,
		Calculated:         w.Calculated,
		ExternalOptions:    w.ExternalOptions,
		HubSpotDefined:     w.HubSpotDefined,
		Archived:           w.Archived,
		Sensitive:          w.DataSensitivity != "" && w.DataSensitivity != "non_sensitive",
		ReadOnlyValue:      w.Modification.ReadOnlyValue,
		ReadOnlyDefinition: w.Modification.ReadOnlyDefinition,
		CreatedAt:          w.CreatedAt.Time,
		UpdatedAt:          w.UpdatedAt.Time,
	}
	for _, o := range w.Options {
		p.Options = append(p.Options, Option(o))
	}
	return p
}

// newProperty is the body of a creation: only what the creator decides.
func newProperty(p Property) map[string]any {
	body := map[string]any{
		"name":      p.Name,
		"label":     p.Label,
		"groupName": p.GroupName,
		"type":      p.Type,
		"fieldType": p.FieldType,
	}
	if p.Description != "" {
		body["description"] = p.Description
	}
	if len(p.Options) > 0 {
		body["options"] = wireOptions(p.Options)
	}
	if p.DisplayOrder != 0 {
		body["displayOrder"] = p.DisplayOrder
	}
	for key, set := range map[string]bool{
		"hasUniqueValue": p.HasUniqueValue, "hidden": p.Hidden, "formField": p.FormField,
	} {
		if set {
			body[key] = true
		}
	}
	return body
}

func wireOptions(options []Option) []wireOption {
	out := make([]wireOption, len(options))
	for i, o := range options {
		out[i] = wireOption(o)
	}
	return out
}
