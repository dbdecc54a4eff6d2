package integration

import (
	"context"
	"database/sql"
)

// MatchCandidate is a company of the vendor's that may be an organization.
type MatchCandidate struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Domain string `json:"domain,omitempty"`
	By     string `json:"by"` // what agrees: "name", "domain" or "name and domain"
	URL    string `json:"url,omitempty"`
}

// MatchProposal is an organization with the companies that may be it. Suggested
// is the candidate's id that a page may preselect, "" = none. Note tells an admin
// what to know before deciding, such as that there may be more candidates.
type MatchProposal struct {
	OrganizationID string           `json:"organizationId"`
	Name           string           `json:"name"`
	Candidates     []MatchCandidate `json:"candidates"`
	Suggested      string           `json:"suggested,omitempty"`
	Note           string           `json:"note,omitempty"`
}

// Matching is how far a tenant's one-time matching has come.
type Matching struct {
	// Open: organizations are compared with the vendor's companies before any
	// is created; closed once every one of the first sync has been decided.
	Open      bool            `json:"open"`
	Total     int             `json:"total"`    // organizations to compare
	Searched  int             `json:"searched"` // of them looked for
	Proposals []MatchProposal `json:"proposals"`
}

// MatchDecision is an admin's word on one organization: which company it is, or
// "" for none, so that one is created.
type MatchDecision struct {
	OrganizationID string `json:"organizationId"`
	CompanyID      string `json:"companyId"`
}

// Matcher is a plugin that asks once which records of the vendor's are which
// organizations.
type Matcher interface {
	Matching(ctx context.Context, clientID string) (Matching, error)
	// DecideMatches applies decisions within tx, all of them or none. A company
	// that no proposal names, or that two organizations want, is refused with
	// [FieldErrors] by organization id.
	DecideMatches(ctx context.Context, tx *sql.Tx, clientID string, decisions []MatchDecision) error
}
