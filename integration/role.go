package integration

// Role is one of the host's roles.
type Role string

// The host's roles.
const (
	RolePlatformAdmin Role = "ROLE_PLATFORM_ADMIN"
	RoleClientAdmin   Role = "ROLE_CLIENT_ADMIN"
	RoleClientUser    Role = "ROLE_CLIENT_USER"
	RoleMember        Role = "ROLE_MEMBER"
	RoleSponsorAdmin  Role = "ROLE_SPONSOR_ADMIN"
	RoleSponsorUser   Role = "ROLE_SPONSOR_USER"
)

// Identity is who makes a request, as the host has established it.
type Identity struct {
	UserID   string
	Role     Role
	ClientID string // the tenant that the host has authorised; "" for platform admins
	// ImpersonatorID is the platform admin who acts as this user, "" if nobody.
	ImpersonatorID string
}

// Permission is what a route of the console asks for.
type Permission string

// The permissions, from looking to holding the key.
const (
	// PermView: status, incidents and the sync log of the own tenant.
	PermView Permission = "view"
	// PermOperate: test, pause, resume, retry and check again.
	PermOperate Permission = "operate"
	// PermConfigure: settings, connect, disconnect, full sync.
	PermConfigure Permission = "configure"
	// PermDiagnose: the status of any tenant, read only, audited.
	PermDiagnose Permission = "diagnose"
)

// May reports whether i has p. Members and sponsors have nothing. Someone who
// impersonates a client admin may look and operate, but not configure.
func (i Identity) May(p Permission) bool {
	switch i.Role {
	case RolePlatformAdmin:
		return p == PermDiagnose && i.ImpersonatorID == ""
	case RoleClientAdmin:
		if i.ClientID == "" {
			return false
		}
		return p == PermView || p == PermOperate || p == PermConfigure && i.ImpersonatorID == ""
	case RoleClientUser:
		return i.ClientID != "" && p == PermView
	default:
		return false
	}
}
