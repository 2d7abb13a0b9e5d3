// The JWT-based access-token settings of Salesforce external client apps.
package salesforceeca
