import Agent from 'undici/lib/dispatcher/agent.js';
import request from 'undici/lib/api/api-request.js';

// undici's own entry gives every dispatcher its methods this way; the entry itself is not loaded, because four fifths of
// it (fetch, caches, mocks, WebSocket) are never used here and would take half of a command's start
Agent.prototype.request = request;

export { Agent };
